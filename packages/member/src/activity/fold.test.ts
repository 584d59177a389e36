// Counts of who says how much: the same in any order, bounded whoever speaks, and nobody's forgotten for strangers' sake.
import type { Head } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Standing } from "../kernel/authors.ts";
import { type Activity, foldActivity, noActivity } from "./fold.ts";
import { countsAt, emptyTally } from "./tally.ts";

const NOW = 1_800_000_000_000;
const MINUTE_MS = 60_000;

interface Said {
  readonly from: string;
  readonly seat: string;
  readonly to: readonly string[];
  /** How long ago, milliseconds. */
  readonly ago: number;
  readonly hop: number;
}

const headOf = ({ from, seat, to, hop, ago }: Said, more: Partial<Head> = {}): Head => ({
  ...{ v: 1, room: "lobby", author: from, key: `key-${from}`, seat, kind: "message", thread: "t", chain: "t" },
  ...{ id: "event0001", role: "agent", seq: 1, hop, time: NOW - ago },
  to: to.map((member) => ({ member })),
  body: { hash: "A".repeat(43), length: 1, media: "text/plain" },
  ...more,
});
const known = (standing: Standing) => () => ({ standing });
const fold = (all: readonly Said[], into = noActivity(), standing: Standing = "met"): Activity => {
  for (const said of all) foldActivity(into, { head: headOf(said), stamp: `${NOW - said.ago}-0` }, known(standing));
  return into;
};
const counts = (activity: Activity, seat: string) => countsAt(activity.seats[seat] ?? emptyTally(), NOW);

const said = fc.record({
  from: fc.constantFrom("alice", "bob"),
  seat: fc.constantFrom("claude", "codex"),
  to: fc.subarray(["alice", "bob", "carol"]),
  ago: fc.integer({ min: 0, max: 3 * 24 * 60 * MINUTE_MS }),
  hop: fc.integer({ min: 0, max: 3 }),
});

test("any order of arrival gives the same counts, which are those of a plain count", () => {
  fc.assert(
    fc.property(
      fc
        .array(said, { maxLength: 120 })
        .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, other]) => {
        const [one, two] = [fold(all), fold(other)];
        expect(new Set(Object.keys(two.pairs))).toEqual(new Set(Object.keys(one.pairs)));
        for (const [part, tallies] of Object.entries(one) as [keyof Activity, Activity["seats"]][])
          for (const [key, tally] of Object.entries(tallies)) expect(two[part][key]).toEqual(tally);
        for (const [seat, tally] of Object.entries(one.seats)) {
          const { messages, turns } = countsAt(tally, NOW);
          const [member = "", name = ""] = seat.split("/");
          const own = all.filter((s) => s.from === member && s.seat === name);
          for (const [span, ms, back] of [
            ["m5", MINUTE_MS, 5],
            ["m15", MINUTE_MS, 15],
            ["h1", 5 * MINUTE_MS, 12],
            ["d1", 60 * MINUTE_MS, 24],
          ] as const) {
            const within = own.filter(({ ago }) => Math.floor((NOW - ago) / ms) >= Math.floor(NOW / ms) - back);
            expect(messages[span]).toBe(within.length);
            expect(turns[span]).toBe(within.filter(({ hop }) => hop > 0).length);
          }
        }
      },
    ),
  );
});

test("a year of 50 members with 8 seats each takes no more room than their last days", () => {
  const activity = noActivity();
  const hour = 60 * MINUTE_MS;
  const say = (ago: number, n: number): void =>
    void fold([{ from: `m${n % 50}`, seat: `s${n % 8}`, to: [`m${(n + 1) % 50}`], ago, hop: 1 }], activity);
  for (let day = 365; day >= 0; day -= 5)
    for (let n = 0; n < 400; n += 1) say(day * 24 * hour + (n % 24) * hour, n * 51);
  const size = JSON.stringify(activity).length;
  for (let ago = 26 * hour; ago >= 0; ago -= hour) for (let n = 0; n < 400; n += 1) say(ago, n * 51);
  expect(Object.keys(activity.seats).length).toBeLessThanOrEqual(400);
  for (const { minutes, fives, hours } of Object.values(activity.seats)) {
    expect(Object.keys(minutes).length).toBeLessThanOrEqual(17);
    expect(Object.keys(fives).length).toBeLessThanOrEqual(14);
    expect(Object.keys(hours).length).toBeLessThanOrEqual(26);
  }
  expect(size).toBeLessThan(2_000_000);
});

test("seats and pairs that strangers invent push out nobody who is known, and one who invents many loses its own", () => {
  const activity = fold([{ from: "bob", seat: "claude", to: ["alice"], ago: 0, hop: 1 }]);
  const quiet = { from: "quiet", seat: "claude", to: [], ago: 0, hop: 1 };
  fold([quiet], activity, "here");
  for (let n = 0; n < 3_000; n += 1)
    fold([{ from: "mallory", seat: `s${n}`, to: [`x${n}`], ago: 0, hop: 1 }], activity, "here");
  for (let n = 0; n < 3_000; n += 1) {
    const head = headOf({ from: `n${n}`, seat: `s${n}`, to: [`x${n}`], ago: 0, hop: 1 });
    foldActivity(activity, { head, stamp: `${NOW}-0`, late: true, by: "mallory" }, () => undefined);
  }
  expect(counts(activity, "bob/claude").turns.m5).toBe(1);
  expect(counts(activity, "quiet/claude").turns.m5).toBe(1);
  expect(activity.pairs["bob alice"]).toBeDefined();
  expect(Object.keys(activity.seats).length).toBeLessThan(100);
  expect(Object.keys(activity.pairs).length).toBeLessThan(200);
  for (let n = 0; n < 3_000; n += 1) fold([{ ...quiet, from: `name${n}` }], activity, "here");
  expect(counts(activity, "bob/claude").turns.m5).toBe(1);
  expect(Object.keys(activity.seats).length).toBeLessThanOrEqual(1_200);
});

test("what is no talk counts nothing, and a time that another member tells is not later than what was signed", () => {
  const activity = noActivity();
  const one: Said = { from: "bob", seat: "claude", to: [], ago: 10 * MINUTE_MS, hop: 1 };
  for (const kind of ["ping", "void", "reaction", "self", "control", "card"])
    foldActivity(activity, { head: headOf(one, { kind }), stamp: `${NOW}-0` }, known("met"));
  expect(activity).toEqual(noActivity());
  foldActivity(activity, { head: headOf(one), stamp: `${NOW + 1e12}-0`, late: true, by: "mallory" }, known("met"));
  expect(counts(activity, "bob/claude")).toMatchObject({ messages: { m5: 0, m15: 1 } });
});
