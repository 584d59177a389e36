// In by configuration alone with the real clients: the user's own entry joins at the first use, in a folder nobody started; the same
// values in a project's own file join nothing.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ENTRY } from "../program.ts";
import { runClaude } from "./claude-session.ts";
import { readConfig } from "./codex-home.ts";
import { codexTool } from "./codex-people.ts";
import { runCodex } from "./codex-session.ts";
import { openMixedCrowd } from "./mixed-network.ts";
import { relayUrl, token } from "./test-users.ts";

interface Who {
  readonly members: readonly { readonly name: string }[];
}

const SAYS = { text: "in by my entry" };
const values = { AGORA_RELAY_URL: relayUrl, AGORA_TOKEN: token, AGORA_NAME: "alice" };
const speaks = (tool: string) => [{ when: { firstOfTurn: true }, reply: { tool, input: SAYS } }];

describe("the user's own entry", () => {
  test("of Claude Code joins at the first use of a tool; the same values in a project's .mcp.json don't", async () => {
    await using crowd = await openMixedCrowd();
    const bob = await crowd.codex("bob", { way: "none" });
    await bob.start();
    const rules = speaks("mcp__agora__say");
    const alice = await crowd.claude("alice", { rules, args: ["--allowedTools", "mcp__agora"], env: {} });
    const setup = { ...alice.setup, env: {}, home: { ...alice.home, args: [] } }; // without the plugin
    const entry = { type: "stdio", command: "node", args: [ENTRY, "mcp", "--client", "claude"], env: values };
    await writeFile(join(alice.project, ".mcp.json"), JSON.stringify({ mcpServers: { agora: entry } }));
    const approved = ["--mcp-config", join(alice.project, ".mcp.json")];
    await runClaude({ ...setup, args: [...(setup.args ?? []), ...approved] }, "hello");
    const [, refused] = await alice.model.requests();
    expect(refused?.fresh).toMatch(/not in a room/);
    expect((await bob.json<Who>("who")).members.map(({ name }) => name)).toEqual(["bob"]);

    expect((await alice.agora("install", "claude", "--yes")).code).toBe(0);
    const path = join(alice.home.path, ".claude.json");
    const file = JSON.parse(await readFile(path, "utf8")) as { mcpServers: { agora: object } };
    const own = { ...file, mcpServers: { agora: { ...file.mcpServers.agora, env: values } } };
    await writeFile(path, JSON.stringify(own));
    await writeFile(join(alice.project, ".mcp.json"), "{}");
    await runClaude(setup, "hello");
    expect(await bob.hears(({ text }) => text === SAYS.text)).toMatchObject({ author: "alice", role: "agent" });
  });

  test("of Codex joins at the first use of a tool", async () => {
    await using crowd = await openMixedCrowd();
    const bob = await crowd.claude("bob");
    await bob.start();
    const alice = await crowd.codex("alice", { way: "installer", rules: speaks(codexTool("say")) });
    const before = await readConfig(alice.home);
    const env = Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
    await writeFile(
      join(alice.home.codex, "config.toml"),
      before.replace("tool_timeout_sec = 300", `tool_timeout_sec = 300\nenv = { ${env.join(", ")} }`),
    );
    await runCodex(alice.setup, "hello");
    expect(await bob.hears(({ text }) => text === SAYS.text)).toMatchObject({ author: "alice", role: "agent" });
  });
});
