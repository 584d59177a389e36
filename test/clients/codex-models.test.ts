// The ways in which the real Codex gives a model its tools: all at once, found by search, or called from code. And a server
// that is slow to come up.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { codexHookStatus } from "./codex-home.ts";
import { codexTool } from "./codex-people.ts";
import { runCodex } from "./codex-session.ts";
import { openMixedCrowd } from "./mixed-network.ts";

describe("the tools of the room in Codex", () => {
  test("classic tools, by their names", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice", {
      rules: [{ when: { firstOfTurn: true }, reply: { tool: codexTool("room"), input: { action: "whoami" } } }],
    });
    await alice.start();
    expect((await runCodex(alice.setup, "who are you")).stdout).toMatch(/alice\/codex in \w+ at/);
  });

  test("code mode calls them from its script", async () => {
    await using crowd = await openMixedCrowd();
    const code = `text(JSON.stringify(await tools.mcp__agora__say({ text: "said from code" })));
const { structuredContent: heard } = await tools.mcp__agora__history({});
text(JSON.stringify(heard.lines.map(({ from, role }) => [from, role])));
text(heard.text);`;
    const alice = await crowd.codex("alice", {
      model: "gpt-6-sol",
      rules: [{ when: { firstOfTurn: true, user: "CODE" }, reply: { tool: "exec", input: { code } } }],
    });
    await alice.start();
    await runCodex(alice.setup, "CODE");
    const fresh = (await alice.model.requests())[1]?.fresh;
    expect(fresh).toMatch(/"structuredContent":\{.*"state":"relayed"/);
    expect(fresh).toContain('[["alice","agent"]]');
    expect(fresh).toMatch(/<<(room-\w{8})(\n|\\n)said from code\2\1>>/);
    expect(await alice.hears(({ text }) => text === "said from code")).toMatchObject({ role: "agent", seat: "codex" });
  });

  test("found by search, the first words say what the room is for", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice", { model: "gpt-5.5" });
    await alice.start();
    await runCodex(alice.setup, "hello");
    const log = await readFile(join(crowd.path, "alice", "codex-model", "requests.jsonl"), "utf8");
    expect(log).toContain("Agora: a room shared with other people and their coding agents. say: message");
  });

  test("a server that takes four seconds to start still carries out the first command and hands over what waits", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice", { way: "installer", trust: false });
    const bob = await crowd.claude("bob");
    await Promise.all([alice.start(), bob.start()]);
    const path = join(alice.home.codex, "config.toml");
    const config = await readFile(path, "utf8");
    const slow = config
      .replace('command = "node"', 'command = "sh"')
      .replace(/args = \[("[^"]*(?:agora\.mjs|mcp\.cjs)")/, 'args = ["-c", "sleep 4; exec node \\"$0\\" \\"$@\\"", $1');
    expect(slow).not.toBe(config);
    await writeFile(path, slow);
    await codexHookStatus(crowd.net, alice.home, alice.project, { trust: true });
    await runCodex(alice.setup, "agora:say @bob early");
    await bob.hears(({ text }) => text === "early");
    expect(await alice.model.requests()).toEqual([]);
    await bob.json("say", "@alice", "good morning");
    await alice.hears(({ text }) => text === "good morning");
    await runCodex(alice.setup, "hello");
    const [request] = await alice.model.requests();
    expect(request?.tools).toContain(codexTool("say"));
    expect(request?.fresh).toContain("good morning");
  });
});
