import { setImmediate } from "node:timers/promises";
import { fail, ok } from "@agora/protocol";
import { systemClock } from "@agora/ports";
import { manualClock } from "@agora/ports/testing";
import { describe, expect, test } from "vitest";
import { type Answers, peerLine, scriptedDaemon } from "./scripted-line.ts";
import { createSeat } from "./seat.ts";
import { createTurn } from "./turn.ts";

const LINE = peerLine("aaaaaaaaaaaaaaaaaaaa", "look at this");
const handed = (again = false, asked = false) => ({ items: [{ line: LINE, again, asked }], inbox: 0, skipped: 0 });
const EMPTY = { items: [], inbox: 0, skipped: 0 };

function start(answers: Answers = {}, clock = systemClock) {
  const daemon = scriptedDaemon(answers);
  const seat = createSeat({
    client: "claude",
    pid: 1,
    session: "provisional",
    membership: daemon.membership,
    open: daemon.open,
  });
  seat.speakFor("s1");
  return { daemon, seat, turn: createTurn(seat, clock) };
}

describe("a turn", () => {
  test("a project that never joined: nothing is opened, nothing asked", async () => {
    const { daemon, turn } = start();
    daemon.joined = false;
    daemon.running = false;
    expect(await turn.began(true)).toEqual(EMPTY);
    expect(await turn.usedTool()).toEqual(EMPTY);
    expect(await turn.ending()).toEqual(EMPTY);
    expect(daemon.asked).toEqual([]);
    expect(daemon.launches).toBe(0);
  });

  test("with nothing new it tells of the prompt and of the end without waiting, and of a tool nothing at all", async () => {
    let answered = false;
    const never = new Promise<never>(() => undefined);
    const { daemon, turn } = start({ prompt: () => (answered ? never : EMPTY), turnEnd: () => never });
    await turn.began(true);
    answered = true;
    daemon.push({ push: "unread", count: 0 });
    daemon.news();
    expect(await turn.began(true)).toEqual(EMPTY);
    expect(await turn.usedTool()).toEqual(EMPTY);
    expect(await turn.ending()).toEqual(EMPTY);
    expect(daemon.news()).toEqual([]);
    await setImmediate();
    await setImmediate();
    expect(daemon.news()).toEqual(["prompt", "turnEnd"]);
  });

  test("what is still to be told goes out before anything else is asked", async () => {
    const { daemon, turn } = start();
    await turn.began(true);
    daemon.push({ push: "unread", count: 0 });
    daemon.news();
    await turn.began(true);
    await turn.began(false);
    expect(daemon.asked.slice(2).map(({ args }) => args)).toEqual([{ typed: true }, { typed: false }]);
  });

  test("what was handed is confirmed by the next tool use, once", async () => {
    const { daemon, turn } = start({ prompt: () => handed() });
    expect((await turn.began(true)).items).toHaveLength(1);
    daemon.push({ push: "unread", count: 0 });
    daemon.news();
    await turn.usedTool();
    await turn.usedTool();
    expect(daemon.news()).toEqual(["sign"]);
    expect(daemon.asked.at(-1)?.args).toEqual({ deliver: false });
  });

  test("a permission that is asked for is told, and the next tool use that it is over, once", async () => {
    const { daemon, turn } = start();
    await turn.began(true);
    daemon.push({ push: "unread", count: 0 });
    daemon.news();
    turn.asksPerson("s1");
    await turn.usedTool();
    await turn.usedTool();
    expect(daemon.news()).toEqual(["waiting", "sign"]);
  });

  test("a turn that was broken off confirms nothing of what it was handed", async () => {
    const { daemon, turn } = start({ prompt: () => handed() });
    await turn.began(true);
    daemon.push({ push: "unread", count: 0 });
    daemon.news();
    turn.asksPerson("s1");
    turn.brokenOff();
    await setImmediate();
    await setImmediate();
    expect(daemon.news()).toEqual(["waiting", "breakOff"]);
    await turn.began(true);
    expect(daemon.news()).toEqual(["prompt"]);
  });

  test("what was handed and not confirmed is asked for again at the next prompt", async () => {
    const { daemon, turn } = start({ prompt: () => handed() });
    await turn.began(true);
    daemon.push({ push: "unread", count: 0 });
    daemon.answers = { prompt: () => handed(true) };
    expect((await turn.began(true)).items[0]?.again).toBe(true);
  });

  test("news in mid-turn comes with the tool's result", async () => {
    const { daemon, turn } = start({ sign: () => handed() });
    await turn.began(true);
    daemon.push({ push: "unread", count: 1 });
    expect((await turn.usedTool()).items).toHaveLength(1);
    expect(daemon.asked.at(-1)).toEqual({ name: "sign", args: { deliver: true } });
  });

  test("what was handed over and never arrived is confirmed by no later sign", async () => {
    const { daemon, turn } = start({ prompt: () => fail("gone", "It ended.") as never });
    expect(await turn.began(true)).toEqual(EMPTY);
    await turn.usedTool();
    await turn.usedTool();
    const signs = daemon.asked.filter(({ name }) => name === "sign").map(({ args }) => args);
    expect(signs[0]).toMatchObject({ lost: true });
    for (const sign of signs.slice(1)) expect(sign).not.toHaveProperty("lost");
  });

  test("what the daemon hands too late is shown at the next hook and not confirmed by it", async () => {
    const clock = manualClock();
    const { promise: slow, resolve: release } = Promise.withResolvers<ReturnType<typeof handed>>();
    const { daemon, turn } = start({ prompt: () => slow }, clock);
    const began = turn.began(true);
    for (let i = 0; i < 5; i++) await setImmediate();
    clock.advance(60_000);
    expect(await began).toEqual(EMPTY);
    release(handed());
    await setImmediate();
    daemon.news();
    expect((await turn.usedTool()).items).toHaveLength(1);
    expect(daemon.news()).toEqual([]);
    daemon.push({ push: "unread", count: 0 });
    await turn.usedTool();
    expect(daemon.news()).toEqual(["sign"]);
  });

  test("a mention keeps the turn going; without one, news waits for the next prompt", async () => {
    const { daemon, turn } = start({ turnEnd: () => ({ ...EMPTY, mention: LINE }) });
    await turn.began(true);
    daemon.push({ push: "unread", count: 1 });
    expect((await turn.ending()).items).toEqual([{ line: LINE, again: true, asked: true }]);
    daemon.push({ push: "unread", count: 0 });
    daemon.answers = { turnEnd: () => handed() };
    expect(await turn.ending()).toEqual(EMPTY);
    daemon.answers = {};
    expect((await turn.began(true)).items).toHaveLength(1);
  });

  test("a wake-up is not a typed prompt", async () => {
    const { daemon, turn } = start();
    await turn.began(false);
    expect(daemon.asked.at(-1)).toEqual({ name: "prompt", args: { typed: false } });
  });
});

describe("the seat", () => {
  test("a daemon that died is started by the next prompt, not by a tool use or the end of a turn", async () => {
    const { daemon, turn } = start();
    await turn.began(true);
    daemon.kill();
    await turn.usedTool();
    await turn.ending();
    expect(daemon.launches).toBe(0);
    daemon.answers = { prompt: () => handed() };
    expect((await turn.began(true)).items).toHaveLength(1);
    expect(daemon.launches).toBe(1);
    expect(daemon.news()).toEqual(["attach", "prompt", "attach", "prompt"]);
  });

  test("a daemon that makes way for a newer one is followed at once, and what it did not take is asked again", async () => {
    const { daemon, turn, seat } = start();
    await turn.began(true);
    let times = 0;
    daemon.answers = { say: () => ((times += 1) === 1 ? fail("moved", "It hands over.") : ok({} as never)) };
    const line = await seat.line({ launch: true });
    const said = line.ok && line.value.request("say", { via: "tool", text: "x", to: [], id: "i" });
    daemon.push({ push: "moved" });
    daemon.kill();
    expect(await said).toMatchObject({ ok: true });
    expect(daemon.news()).toEqual(["attach", "prompt", "say", "attach", "say"]);
    expect(seat.attached).toBe(true);
    daemon.push({ push: "moved" });
    daemon.kill();
    await setImmediate();
    expect(daemon.news()).toEqual(["attach"]);
    expect(seat.attached).toBe(true);
  });

  test("another session id in the same process moves the seat", async () => {
    const { daemon, seat, turn } = start();
    await turn.began(true);
    seat.speakFor("s2");
    await turn.began(true);
    expect(daemon.asked.map(({ name }) => name)).toEqual(["attach", "prompt", "resession", "prompt"]);
    expect(daemon.asked[2]?.args).toEqual({ session: "s2" });
  });

  test("a provisional session is left for the one a hook names", async () => {
    const daemon = scriptedDaemon();
    await using seat = createSeat({
      client: "x",
      pid: 1,
      session: "p",
      membership: daemon.membership,
      open: daemon.open,
    });
    await seat.line({ launch: true });
    seat.speakFor("s1");
    await seat.line({ launch: true });
    expect(daemon.asked.map(({ args }) => args)).toEqual([
      { client: "x", session: "p", pid: 1 },
      { client: "x", session: "s1", pid: 1 },
    ]);
  });

  test("many at once open one line", async () => {
    const { daemon, seat } = start();
    await Promise.all([seat.line({ launch: false }), seat.line({ launch: true }), seat.line({ launch: false })]);
    expect(daemon.news()).toEqual(["attach"]);
  });

  test("stopped by the person: the line is dropped at the next hook", async () => {
    const { daemon, seat } = start();
    await seat.line({ launch: true });
    daemon.joined = false;
    expect((await seat.line({ launch: true })).ok).toBe(false);
    expect(seat.attached).toBe(false);
  });
});
