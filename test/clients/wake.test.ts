// An idle session of the real Claude Code is woken: once for each mention, in auto mode alone, with no peer's word in the
// client's own notice.
import { describe, expect, test } from "vitest";
import { setTimeout as pause } from "node:timers/promises";
import { type ClaudeSession, openClaude } from "./claude-session.ts";
import { NEWEST, VERSIONS } from "./installed.ts";
import type { Rule } from "./model-script.ts";
import { allowRoom, openCrowd, type Person, processes, toolName, untilSeats } from "./test-users.ts";
import { until } from "./wait-until.ts";

const waiter = /(\.mjs hook|hook\.cjs) wait/;

describe.each(VERSIONS)("waking Claude Code %s", (version) => {
  test("an idle session is woken twice in a row, once per mention, also after /clear", async () => {
    await using crowd = await openCrowd(version);
    const questions = ["first question", "second question", "third question"];
    // Before anything is asked: the session may be woken before the command that asks has ended.
    const rules = [
      ...questions.map((_, at) => ({ when: { toolResult: "." }, times: 1, reply: `woken ${at}` })),
      ...questions.map((text) => ({
        when: { fresh: `thread=(\\w+) asked of you\\s+<<\\S+\\s+${text}` },
        reply: { tool: toolName("say"), input: { text: `re: ${text}`, thread: "$1" } },
      })),
    ];
    const alice = await crowd.person("alice", { args: allowRoom, rules });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    await using session = await openClaude(alice.setup);
    for (const [at, text] of questions.entries()) {
      if (at === 2) {
        await session.send("/clear");
        await session.waitGone(/woken/);
      }
      await untilSeats(alice, ({ reachable, busy }) => reachable && !busy);
      const { thread } = await bob.json<{ thread: string }>("say", "@alice", text);
      await bob.hears((line) => line.text === `re: ${text}` && line.thread === thread, 30_000);
      await session.waitFor(new RegExp(`woken ${at}`));
      const requests = await alice.model.waitForRequests(2 * (at + 1));
      const woken = requests[2 * at]!;
      expect(woken.fresh).toMatch(/Agora: 1 message from bob/);
      expect(woken.fresh).toContain("asked of you");
      expect(woken.fresh.split(text)).toHaveLength(2);
    }
    await pause(1_000);
    expect(await alice.model.requests()).toHaveLength(6);
    await expect.poll(() => alice.inbox()).toEqual([]);
    await until("a single waiter", () => processes(crowd.net, waiter).length === 1, 10_000);
  });

  test("manual mode wakes nobody", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice");
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    await using _session = await openClaude(alice.setup);
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
      await using session = await openClaude(alice.setup);
      await session.send("hello");
      await session.waitFor(/I read hello/);
      // The client starts one after each turn; it looks once at the registry and leaves.
      await until("no waiter", () => processes(crowd.net, waiter).length === 0, 3_000);
      expect(processes(crowd.net, /\.[cm]js daemon/)).toEqual([]);
      expect((await alice.model.requests())[0]?.text).not.toMatch(/agora room/i);
    }
    await alice.start("--mode", "auto");
    {
      await using session = await openClaude(alice.setup);
      await untilSeats(alice, ({ reachable }) => reachable);
      await session.exit();
    }
    await until("the waiter to leave", () => processes(crowd.net, waiter).length === 0, 10_000);
  });
});

describe.each([NEWEST])("the doctor's test of waking Claude Code %s", (version) => {
  const asked = "action=bring-word and text=(\\w+)";
  const bring = (text: string): Rule => ({
    when: { fresh: asked, firstOfTurn: true },
    reply: { tool: toolName("room"), input: { action: "bring-word", text } },
  });

  /** An idle session that the doctor tests: a prompt has connected it. */
  async function idleSession(alice: Person): Promise<ClaudeSession> {
    await using stack = new AsyncDisposableStack();
    const session = stack.use(await openClaude(alice.setup));
    await session.send("good morning");
    await session.waitFor(/I read good morning/);
    await untilSeats(alice, ({ connected, reachable, busy }) => connected && reachable && !busy);
    stack.move();
    return session;
  }

  /** What the person reads of the test and of the session's rungs. */
  async function runDoctor(alice: Person): Promise<{ test: string; rungs: string }> {
    const { stdout } = await alice.agora("doctor", "--wake");
    const [test = "", rungs = "", ...more] = stdout.split("\n").filter((line) => /^\w+ +wake\b/.test(line));
    expect({ more, stdout }).toEqual({ more: [], stdout });
    return { test, rungs };
  }

  test("an idle session is proven by its model's own call with the word, in manual mode too", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { args: allowRoom });
    await alice.start();
    await using session = await idleSession(alice);
    await alice.model.script([
      bring("$1"),
      { when: { toolResult: "The test knows now that this session was woken" }, reply: "brought back" },
    ]);
    const before = (await alice.model.requests()).length;
    const { test, rungs } = await runDoctor(alice);
    expect(test).toMatch(/^ok +wake test +claude: proven, its model brought the word back after /);
    expect(rungs).toMatch(/woken while idle: proven /);
    await session.waitFor(/brought back/);
    const [woken, ...after] = (await alice.model.requests()).slice(before);
    expect(after).toHaveLength(1);
    expect(woken?.fresh).toContain('The user runs "agora doctor --wake" in a terminal');
    // The word reached the model by the hook's context alone: the client's own notice of the wake-up has none.
    const word = new RegExp(asked).exec(woken!.fresh)![1]!;
    expect(woken?.fresh.split(word)).toHaveLength(2);
    expect(await alice.inbox()).toEqual([]);
  });

  test("a session that had no prompt yet is tested, too", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { args: allowRoom });
    await alice.start();
    await using session = await openClaude(alice.setup);
    await untilSeats(alice, ({ reachable }) => reachable);
    await alice.model.script([
      bring("$1"),
      { when: { toolResult: "The test knows now that this session was woken" }, reply: "brought back" },
    ]);
    const { test, rungs } = await runDoctor(alice);
    expect(test).toMatch(/^ok +wake test +claude: proven, its model brought the word back after /);
    expect(rungs).toMatch(/woken while idle: proven /);
    await session.waitFor(/brought back/);
  });

  test.each<{ how: string; rule: Rule; shown: RegExp }>([
    {
      how: "only says the word",
      rule: { when: { fresh: asked, firstOfTurn: true }, reply: "I was woken: $1" },
      shown: /I was woken: [0-9a-f]{12}/,
    },
    { how: "brings another word", rule: bring("not-$1"), shown: /the tool said .*No test waits for this word/ },
  ])("a session whose model $how is unproven, and the reason is told", async ({ rule, shown }) => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { args: allowRoom });
    await alice.start();
    await using session = await idleSession(alice);
    await alice.model.script([rule]);
    const before = (await alice.model.requests()).length;
    const { test, rungs } = await runDoctor(alice);
    expect(test).toMatch(
      /^warn +wake test +claude: unproven \(the session was woken, but its model did not bring the word back\) → /,
    );
    expect(rungs).toMatch(/woken while idle: unproven /);
    await session.waitFor(shown);
    const woken = (await alice.model.requests())[before];
    expect(woken).toMatchObject({ rule: 0, fresh: expect.stringMatching(asked) as string });
  });
});
