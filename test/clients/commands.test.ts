// What a person types at the prompt of the real Claude Code: carried out by the room, unharmed, and never by the model.
import { kill } from "node:process";
import { compareVersions } from "@agora/user-config";
import { describe, expect, test } from "vitest";
import { TEST_MS } from "../wait-until.ts";
import { type ClaudeSession, converseWithClaude, openClaude, runClaude } from "./claude-session.ts";
import { claudePlugin, type InstallWay } from "./home.ts";
import { VERSIONS } from "./installed.ts";
import {
  agoraPlugin,
  impatientPlugin,
  openCrowd,
  type Person,
  processes,
  relayUrl,
  serverlessPlugin,
  serverProcess,
} from "./test-users.ts";

const nasty = `it's "quoted" $(touch owned) \`id\` $HOME \\ 'x' 🎉 é\n  second & <b> %s line\n\nlast`;
const notSent = "The room's hook did not run, so nothing was sent";
/** The first version of the client that heeds `onFailure: "block"`. */
const failsClosedSince = "2.1.295";

describe.each(VERSIONS)("commands in Claude Code %s", (version) => {
  test.each<InstallWay>(["git", "directory", "plugin-dir"])("start works when installed by %s", async (way) => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { way });
    const done = await runClaude(alice.setup, `/agora:start -n alice --relay ${relayUrl}`);
    expect(done.stdout).toContain("joined as alice (mode=manual), online: alice");
    expect(await alice.model.requests()).toEqual([]);
    expect((await alice.json<{ you: string }>("who")).you).toBe("alice");
  });

  test("the plugin and its marketplace pass the strict validation", async () => {
    await using crowd = await openCrowd(version);
    const { net, home } = await crowd.person("alice");
    for (const folder of [agoraPlugin.marketplace, `${agoraPlugin.marketplace}/${agoraPlugin.source}`]) {
      expect(await claudePlugin(net, version, home, ["validate", "--strict", folder])).toContain("Validation passed");
    }
  });

  test("what is said arrives as it was typed, as the person's word, and no model is asked", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice");
    const bob = await crowd.person("bob");
    await bob.start();
    {
      await using session = await openClaude(alice.setup);
      await session.send(`/agora:start -n alice --relay ${relayUrl}`);
      await session.waitFor(/joined as alice \(mode=manual\), online: alice, bob/);
      await session.send(`/agora:say @bob ${nasty}`);
      await session.waitFor(/said to @bob/);
    }
    expect((await runClaude(alice.setup, `/agora:say @bob again: ${nasty}`)).stdout).toContain("said to @bob");
    const said = await bob.hears(({ text }) => text.startsWith("again: "));
    expect(said).toMatchObject({ author: "alice", role: "user", text: `again: ${nasty}` });
    expect((await bob.journal()).map(({ text }) => text)).toEqual([nasty, `again: ${nasty}`]);
    expect(await alice.model.requests()).toEqual([]);
  });

  test("every command is answered without the model", { timeout: 2 * TEST_MS }, async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice");
    await alice.start();
    const answers: [string, RegExp][] = [
      ["/agora:who", /alice \(you\): online/],
      ["/agora:inbox", /nothing waits/],
      ["/agora:history", /nothing was said yet/],
      ["/agora:mode auto", /auto/],
      ["/agora:status", /daemon \d+, version /],
      ["/agora:whoami", /alice\S* in lobby at /],
      ["/agora:trust nobody", /Not done, because: /],
      ["/agora:console", /Open this address in your browser[^]*http:\/\/127\.0\.0\.1:/],
      ["/agora:console now", /Not done, because: /],
      ["/agora:invite bob", /agora1\.\S+[^]*agora start -n bob/],
      ["/agora:invite bob --grant operator", /Not done, because: An operator's grant is bound to a key/],
      ["/agora:doctor", /checks are well/],
      ["/agora:say @alice look: [Image #1]", /Not sent, because: a pasted picture/],
      ["/agora:accept nothing", /Not done, because: /],
      ["/agora:reject nothing", /Not sent, because: /],
      ["/agora:append nothing text", /Not sent, because: /],
      ["/agora:say @nobody hi", /Not sent, because: /],
      ["/agora:say", /Not sent, because: /],
      ["/agora:update", /the daemon was restarted/],
      ["/agora:stop", /left /],
    ];
    await using claude = await converseWithClaude(alice.setup);
    for (const [command, answer] of answers) expect(await claude.ask(command)).toMatch(answer);
    expect(await alice.model.requests()).toEqual([]);
  });

  test("with a dead server nothing is sent, the model is not asked or knows it, and other prompts go on", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice");
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    await using session = await openClaude(alice.setup);
    await session.send("/agora:say @bob before");
    await session.waitFor(/said to @bob/);
    for (const pid of processes(crowd.net, serverProcess)) kill(pid, "SIGKILL");
    await session.send("/agora:say @bob lost");
    await expectNotSent(alice, session);
    await session.send("my own work");
    await session.waitFor(/I read my own work/);
    expect((await alice.journal()).map(({ text }) => text)).toEqual(["before"]);
  });

  test("a server that is too slow sends nothing later either", async () => {
    await using crowd = await openCrowd(version);
    const plugin = await impatientPlugin(crowd.path, 10);
    const alice = await crowd.person("alice", { plugin });
    await alice.start();
    await using session = await openClaude(alice.setup);
    await session.send("/agora:say before");
    await session.waitFor(/said to everyone/);
    const pids = processes(crowd.net, serverProcess);
    for (const pid of pids) kill(pid, "SIGSTOP");
    await session.send("/agora:say lost");
    await expectNotSent(alice, session);
    for (const pid of pids) kill(pid, "SIGCONT");
    await session.send("/agora:say after");
    await alice.hears(({ text }) => text === "after");
    expect((await alice.journal()).map(({ text }) => text)).toEqual(["before", "after"]);
  });

  test("with a server that never starts, a run with -p sends nothing, and other prompts go on", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { plugin: await serverlessPlugin(crowd.path) });
    await alice.start();
    const done = await runClaude(alice.setup, "/agora:say lost it's $(x)");
    await expectNotSent(alice, done.stdout);
    expect((await runClaude(alice.setup, "my own work")).stdout).toContain("I read my own work");
    expect(await alice.journal()).toEqual([]);
  });

  test("a mistyped command is answered with the nearest, whether a server lives or never was; no model is asked", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice");
    const bare = await crowd.person("bare", { plugin: await serverlessPlugin(crowd.path) });
    const nearest = /[Dd]id you mean \/agora:say\?/;
    {
      await using session = await openClaude(alice.setup);
      await session.send("/agora:sai @bob hello");
      await session.waitFor(nearest); // by the client itself
    }
    for (const { setup } of [alice, bare])
      expect((await runClaude(setup, "/agora:sai it's $(x)")).stdout).toMatch(nearest);
    expect(await alice.model.requests()).toEqual([]);
    expect((await bare.model.requests()).length).toBe(0);
  });

  test("a model that runs one of our commands by itself reaches nothing", async () => {
    await using crowd = await openCrowd(version);
    const input = { skill: "agora:mode", args: "auto" };
    const alice = await crowd.person("alice", {
      args: ["--allowedTools", "Skill,SlashCommand"],
      rules: [{ when: { user: "TRY", firstOfTurn: true }, reply: { tool: "Skill", input } }],
    });
    await alice.start();
    expect((await runClaude(alice.setup, "TRY")).stdout).toMatch(/the tool said/);
    expect(await alice.json("mode")).toMatchObject({ mode: "manual" });
  });

  /** The client refuses the command itself; an older one asks the model, who reads that nothing was sent. */
  async function expectNotSent(person: Person, shown: ClaudeSession | string): Promise<void> {
    if (compareVersions(version, failsClosedSince) < 0) {
      const [request] = await person.model.waitForRequests(1);
      expect(request?.fresh).toContain(notSent);
      if (typeof shown !== "string") await shown.waitFor(/I read/);
      return;
    }
    const refused = /blocked by hook:[^]*no usable answer from its MCP server/;
    if (typeof shown === "string") expect(shown).toMatch(refused);
    else await shown.waitFor(refused);
    expect(await person.model.requests()).toEqual([]);
  }
});
