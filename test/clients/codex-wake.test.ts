// An idle session of the real Codex is woken by its own queue: once for each mention, in auto mode alone, with no peer's
// word in what is queued.
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { codexTool } from "./codex-people.ts";
import { openCodex } from "./codex-session.ts";
import { openMixedCrowd } from "./mixed-network.ts";
import { untilSeats } from "./test-users.ts";

describe("waking Codex", () => {
  test.each([
    { how: "without its background daemon", daemon: false },
    { how: "with its background daemon", daemon: true },
  ])("an idle session is woken twice in a row, once per mention, $how", async ({ daemon }) => {
    await using crowd = await openMixedCrowd();
    const questions = ["first question", "second question"];
    // Before anything is asked: the session may be woken before the command that asks has ended.
    const rules = [
      ...questions.map((_, at) => ({ when: { toolResult: "." }, times: 1, reply: `woken ${at}` })),
      ...questions.map((text) => ({
        when: { fresh: `thread=(\\w+) asked of you\\s+<<\\S+\\s+${text}` },
        reply: { tool: codexTool("say"), input: { text: `re: ${text}`, thread: "$1" } },
      })),
    ];
    const alice = await crowd.codex("alice", { rules });
    const bob = await crowd.claude("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    await using session = await openCodex({ ...alice.setup, daemon });
    await session.send("good morning");
    await session.waitFor(/I read good morning/);
    for (const [at, text] of questions.entries()) {
      await untilSeats(alice, ({ reachable, busy }) => reachable && !busy);
      const { thread } = await bob.json<{ thread: string }>("say", "@alice", text);
      await bob.hears((line) => line.text === `re: ${text}` && line.thread === thread, 40_000);
      await session.waitFor(new RegExp(`woken ${at}`));
      const woken = (await alice.model.waitForRequests(1 + 2 * (at + 1)))[1 + 2 * at]!;
      expect(woken.fresh).toMatch(/Agora: 1 message from bob for this session/);
      expect(woken.fresh).toContain("asked of you");
      // The text came once, beside the sentence and not in it.
      expect(woken.fresh.split(text)).toHaveLength(2);
      expect(woken.messages.findLast(({ role }) => role === "user")?.text).not.toContain(text);
    }
    await pause(2_000);
    expect(await alice.model.requests()).toHaveLength(5);
    await expect.poll(() => alice.inbox()).toEqual([]);
  });

  test("manual mode wakes nobody", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice");
    const bob = await crowd.claude("bob");
    await Promise.all([alice.start(), bob.start()]);
    await using session = await openCodex(alice.setup);
    await session.send("good morning");
    await session.waitFor(/I read good morning/);
    await untilSeats(alice, ({ reachable, busy }) => reachable && !busy);
    const { id } = await bob.json<{ id: string }>("say", "@alice", "wake up");
    await alice.hears((line) => line.id === id);
    await pause(12_000);
    expect(await alice.model.requests()).toHaveLength(1);
    expect(await alice.inbox()).toMatchObject([{ id, state: "open" }]);
  });
});

describe("the doctor's test of waking", () => {
  test("counts only what the model brings back itself, and says so of each session", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice");
    await alice.start();
    await using session = await openCodex(alice.setup);
    await session.send("good morning");
    await session.waitFor(/I read good morning/);
    await untilSeats(alice, ({ reachable, busy }) => reachable && !busy);
    const test = async () => {
      const requests = (await alice.model.requests()).length;
      const running = alice.agora("doctor", "--wake", "--json");
      await alice.model.waitForRequests(requests + 1, 20_000);
      const { checks } = JSON.parse((await running).stdout) as {
        checks: { name: string; ok: boolean; sentence: string }[];
      };
      return checks.filter(({ name }) => name.startsWith("wake"));
    };
    const [deaf, ladder] = await test();
    expect(deaf).toMatchObject({
      ok: false,
      sentence: expect.stringMatching(/unproven \(.*did not bring the word back/) as string,
    });
    expect(ladder?.sentence).toMatch(/woken while idle: unproven/);
    await untilSeats(alice, ({ reachable, busy }) => reachable && !busy);
    await alice.model.script([
      {
        when: { fresh: "action=bring-word and text=(\\w+)", firstOfTurn: true },
        reply: { tool: codexTool("room"), input: { action: "bring-word", text: "$1" } },
      },
    ]);
    const [proven, after] = await test();
    expect(proven).toMatchObject({ ok: true, sentence: expect.stringContaining("brought the word back") as string });
    expect(after?.sentence).toMatch(/woken while idle: proven/);
  });
});
