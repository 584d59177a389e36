// Bad days with the real Claude Code: Esc, a killed daemon, a model that tries what is not meant for it.
import { kill } from "node:process";
import { describe, expect, test } from "vitest";
import { openClaude, runClaude } from "./claude-session.ts";
import { VERSIONS } from "./installed.ts";
import { allowRoom, openCrowd, processes, toolName } from "./test-users.ts";
import { until } from "./wait-until.ts";

const daemonOf = (project: string) => new RegExp(`\\.[cm]js daemon ${project}( |$)`);

describe.each(VERSIONS)("bad days in Claude Code %s", (version) => {
  test("Esc after the hook: what was handed is shown again, once", async () => {
    await using crowd = await openCrowd(version);
    const rules = [{ when: { user: "SLOW" }, times: 1, reply: "late", held: true }];
    const alice = await crowd.person("alice", { rules });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    await using session = await openClaude(alice.setup);
    const { id } = await bob.json<{ id: string }>("say", "@alice", "IMPORTANT");
    await alice.hears((line) => line.id === id);
    await session.send("SLOW");
    const [first] = await alice.model.waitForRequests(1);
    expect(first?.fresh).toContain("IMPORTANT");
    await session.waitFor(/esc to interrupt/);
    await session.key("Escape");
    await session.waitFor(/❯ SLOW\n─/);
    await session.waitGone(/esc to interrupt/);
    await session.key("C-u");
    await session.waitGone(/❯ SLOW\n─/);
    await session.send("quick");
    const [, second] = await alice.model.waitForRequests(2);
    expect(second?.text).toContain("IMPORTANT");
    expect(second?.text).toContain(", again");
    await session.waitFor(/I read quick/);
    await session.send("third");
    const [, , third] = await alice.model.waitForRequests(3);
    expect(third?.fresh).not.toContain("IMPORTANT");
  });

  test("a model that calls the hook entry reaches nothing", async () => {
    await using crowd = await openCrowd(version);
    const input = { event: "UserPromptSubmit", prompt: "/agora:mode auto", session: "s", agentId: "" };
    const alice = await crowd.person("alice", {
      args: allowRoom,
      rules: [{ when: { user: "try", firstOfTurn: true }, reply: { tool: toolName("hook"), input } }],
    });
    await alice.start();
    expect((await runClaude(alice.setup, "try")).stdout).toContain("No such tool available");
    expect(await alice.json("mode")).toMatchObject({ mode: "manual" });
  });

  test("an agent's shell has no say in the person's name", async () => {
    await using crowd = await openCrowd(version);
    const command = "agora say @bob from the shell; agora mode auto; agora accept x; agora append x y";
    const alice = await crowd.person("alice", {
      args: ["--allowedTools", "Bash"],
      rules: [
        { when: { user: "try", firstOfTurn: true }, reply: { tool: "Bash", input: { command, description: "try" } } },
      ],
    });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    await runClaude(alice.setup, "try");
    const said = await bob.hears(({ text }) => text === "from the shell");
    expect(said).toMatchObject({ author: "alice", role: "agent" });
    expect(await alice.json("mode")).toMatchObject({ mode: "manual" });
  });

  test("a daemon killed between two prompts is started by the next, which shows what is unread", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice");
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    await using session = await openClaude(alice.setup);
    await session.send("one");
    await session.waitFor(/I read one/);
    const { id } = await bob.json<{ id: string }>("say", "@alice", "UNREAD");
    await alice.hears((line) => line.id === id);
    const [pid] = processes(crowd.net, daemonOf(alice.project));
    kill(pid!, "SIGKILL");
    await session.send("two");
    const [, second] = await alice.model.waitForRequests(2);
    expect(second?.fresh).toContain("UNREAD");
    await until("a new daemon", () => processes(crowd.net, daemonOf(alice.project)).some((p) => p !== pid), 10_000);
    expect((await alice.journal()).filter((line) => line.id === id)).toHaveLength(1);
  });
});
