// Auto mode with the real Claude Code: a mention keeps a turn going, the brakes end what would go on for ever.
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openClaude, runClaude } from "./claude-session.ts";
import { NEWEST } from "./installed.ts";
import { allowRoom, openCrowd, toolName, untilSeats } from "./test-users.ts";
import { until } from "./wait-until.ts";

const say = (input: Record<string, unknown>) => ({ tool: toolName("say"), input });

describe.each([NEWEST])("auto mode in Claude Code %s", (version) => {
  test("a mention in mid-turn is answered before the turn ends", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", {
      args: allowRoom,
      rules: [
        { when: { user: "long work", firstOfTurn: true }, times: 1, reply: "the work is done", held: true },
        { when: { fresh: "what is the port", firstOfTurn: true }, reply: say({ text: "it is 8080", to: ["bob"] }) },
        { when: { toolResult: "." }, reply: "answered" },
      ],
    });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    const running = runClaude(alice.setup, "long work");
    await alice.model.waitForRequests(1);
    const { thread, id } = await bob.json<{ thread: string; id: string }>("say", "@alice", "what is the port");
    await alice.hears((line) => line.id === id);
    await alice.model.release();
    await running;
    const requests = await alice.model.requests();
    expect(requests).toHaveLength(3);
    expect(requests[1]?.fresh).toContain("asked of you");
    const answer = await bob.hears(({ text }) => text === "it is 8080");
    expect(answer).toMatchObject({ author: "alice", role: "agent" });
    // The answer came without the thread, from a model that forgot it: the mention was asked once and waits now.
    const waiting = answer.thread === thread ? [] : [{ id, state: "open" }];
    await expect.poll(() => alice.inbox()).toMatchObject(waiting);
  });

  test("a mention that gets no answer is asked once and then waits in the inbox", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", {
      rules: [{ when: { user: "long work" }, times: 1, reply: "done", held: true }],
    });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    const running = runClaude(alice.setup, "long work");
    await alice.model.waitForRequests(1);
    const { id } = await bob.json<{ id: string }>("say", "@alice", "anybody there");
    await alice.hears((line) => line.id === id);
    await alice.model.release();
    await running;
    const requests = await alice.model.requests();
    expect(requests.map(({ fresh }) => fresh.includes("anybody there"))).toEqual([false, true]);
    await expect
      .poll(() => alice.inbox())
      .toMatchObject([
        { text: "anybody there", state: "open", reason: expect.stringContaining("no answer") as string },
      ]);
  });

  test("two agents that answer each other for ever are stopped by the hop limit", async () => {
    await using crowd = await openCrowd(version);
    const chatter = (other: string) => [
      { when: { fresh: "<<room-\\w{8}\nping" }, reply: say({ text: "ping", to: [other] }) },
      { when: { toolResult: "." }, reply: "said" },
      { when: { user: "begin" }, reply: say({ text: "ping", to: [other] }) },
    ];
    const alice = await crowd.person("alice", { args: allowRoom, rules: chatter("bob") });
    const bob = await crowd.person("bob", { args: allowRoom, rules: chatter("alice") });
    await Promise.all([alice.start("--mode", "auto"), bob.start("--mode", "auto")]);
    await using one = await openClaude(alice.setup);
    await using _two = await openClaude(bob.setup);
    await Promise.all([untilSeats(alice, ({ reachable }) => reachable), untilSeats(bob, ({ reachable }) => reachable)]);
    await one.send("begin");
    // Four messages of hop 0 to 3; the last one wakes nobody any more.
    await until(
      "the last message",
      async () => (await alice.journal()).length >= 4,
      40_000,
      () => one.screen(),
    );
    await expect
      .poll(() => alice.inbox())
      .toMatchObject([{ from: "bob", state: "open", reason: expect.stringContaining("hop limit") as string }]);
    await pause(3_000);
    expect((await alice.journal()).map(({ author }) => author)).toEqual(["alice", "bob", "alice", "bob"]);
  });

  test("a mention that waited too long is not answered by itself", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { env: { AGORA_MENTION_MAX_AGE_MS: "1000" } });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    const { id } = await bob.json<{ id: string }>("say", "@alice", "are you there");
    await alice.hears((line) => line.id === id);
    await until("its age", async () => (await alice.inbox())[0]?.state === "open", 10_000);
    await runClaude(alice.setup, "good morning");
    const requests = await alice.model.requests();
    expect(requests).toHaveLength(1);
    expect(requests[0]?.fresh).toContain("are you there");
    expect(requests[0]?.fresh).not.toContain("asked of you");
    expect(await alice.inbox()).toMatchObject([{ id, reason: expect.stringContaining("too old") as string }]);
  });
});
