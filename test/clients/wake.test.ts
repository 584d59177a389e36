// An idle session of the real Claude Code is woken: once for each mention, in auto mode alone, with no peer's word in the
// client's own notice.
import { describe, expect, test } from "vitest";
import { setTimeout as pause } from "node:timers/promises";
import { VERSIONS } from "./installed.ts";
import { allowRoom, openCrowd, openSession, processes, toolName, untilSeats } from "./people.ts";
import { until } from "./patience.ts";

const waiter = /(\.mjs hook|hook\.cjs) wait/;

describe.each(VERSIONS)("waking Claude Code %s", { timeout: 120_000 }, (version) => {
  test("an idle session is woken twice in a row, once per mention, also after /clear", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { args: allowRoom });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    await using session = await openSession(alice.setup);
    for (const [at, text] of ["first question", "second question", "third question"].entries()) {
      if (at === 2) {
        await session.send("/clear");
        await session.waitGone(/woken/);
      }
      await untilSeats(alice, ({ reachable, busy }) => reachable && !busy);
      const { thread } = await bob.json<{ thread: string }>("say", "@alice", text);
      await alice.model.script([
        { when: { toolResult: "." }, reply: "woken" },
        { when: { fresh: text }, reply: { tool: toolName("say"), input: { text: `re: ${text}`, thread } } },
      ]);
      await bob.hears((line) => line.text === `re: ${text}` && line.thread === thread, 30_000);
      await session.waitFor(/woken/);
      const requests = await alice.model.waitForRequests(2 * (at + 1));
      const woken = requests[2 * at]!;
      expect(woken.fresh).toMatch(/Agora: 1 message from bob/);
      expect(woken.fresh).toContain("asked of you");
      expect(woken.fresh.split(text)).toHaveLength(2);
    }
    await pause(1_000);
    expect(await alice.model.requests()).toHaveLength(6);
    expect(await alice.inbox()).toEqual([]);
    await until("a single waiter", async () => (await processes(crowd.net, waiter)).length === 1, 10_000);
  });

  test("manual mode wakes nobody", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice");
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    await using _session = await openSession(alice.setup);
    await untilSeats(alice, ({ reachable }) => reachable);
    const { id } = await bob.json<{ id: string }>("say", "@alice", "wake up");
    await alice.hears((line) => line.id === id);
    await pause(2_000);
    expect(await alice.model.requests()).toEqual([]);
  });

  test("the waiter ends with its session, and there is none where nobody joined", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice");
    {
      await using session = await openSession(alice.setup);
      await session.send("hello");
      await session.waitFor(/I read hello/);
      // The client starts one after each turn; it looks once at the registry and leaves.
      await until("no waiter", async () => (await processes(crowd.net, waiter)).length === 0, 3_000);
      expect(await processes(crowd.net, /\.mjs daemon/)).toEqual([]);
      expect((await alice.model.requests())[0]?.text).not.toMatch(/agora room/i);
    }
    await alice.start("--mode", "auto");
    {
      await using session = await openSession(alice.setup);
      await untilSeats(alice, ({ reachable }) => reachable);
      await session.exit();
    }
    await until("the waiter to leave", async () => (await processes(crowd.net, waiter)).length === 0, 10_000);
  });
});
