// [HEAL-3]: what is told and given stays among those it belongs to, whatever the marks say.
import { audienceOf, type Head, MAX_HEAL_MARKS } from "@agora/protocol";
import { noAuthors } from "../kernel/authors.ts";
import { addRange, hasSeq, markOf, type Marks, type Ranges, subtract } from "../kernel/marks.ts";
import type { HistoryLine, HistoryRecord } from "../kernel/record.ts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect, type Found, MAX_FOUND, type Wanted } from "./collect.ts";
import { mayHave, sharedMarks } from "./marks.ts";

const KEY = (letter: string): string => letter.repeat(42) + "A";
const party = (name: string): { name: string; key: string } => ({ name, key: KEY(name[0]!) });
const NAMES = ["alice", "bob", "carol", "dora"];
const [alice, bob, carol] = NAMES.map(party) as [
  ReturnType<typeof party>,
  ReturnType<typeof party>,
  ReturnType<typeof party>,
];

/** Ranges as a stranger may send them: in any order, overlapping, backward. */
const strange = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 })), { maxLength: 30 });
const tidy = (ranges: Ranges): Ranges =>
  ranges.filter(([a, b]) => a <= b).reduce<Ranges>((r, range) => addRange(r, range), []);
const seqs = Array.from({ length: 60 }, (_, n) => n + 1);

describe("what is missing", () => {
  test("is what one has and the other has not, however the other tells it, and never grows", () => {
    fc.assert(
      fc.property(strange, strange, (a, b) => {
        const ours = tidy(a);
        const missing = subtract(ours, b);
        for (const seq of seqs) expect(hasSeq(missing, seq)).toBe(hasSeq(ours, seq) && !hasSeq(b, seq));
        expect(missing.length).toBeLessThanOrEqual(ours.length + b.length);
      }),
    );
  });
});

const audience = fc.oneof(
  fc.constant("*"),
  fc.constant("#side"),
  fc.subarray(NAMES, { minLength: 1 }).map((names) => `@${names.toSorted().join(",")}`),
);
const someMarks = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), audience), { maxLength: 30 })
  .map((pairs): Marks => Object.fromEntries(pairs.map(([name, a]) => [markOf(party(name).key, a), [[1, 2]]])));

describe("marks that are told", () => {
  test("are those of audiences that both belong to, the same from either side [HEAL-3]", () => {
    fc.assert(
      fc.property(someMarks, (marks) => {
        const shared = sharedMarks(marks, noAuthors(), alice, bob);
        const told = (list: typeof shared): string[] => list.map((m) => markOf(m.key, m.audience)).sort();
        expect(told(shared)).toEqual(told(sharedMarks(marks, noAuthors(), bob, alice)));
        for (const { key, audience: a } of shared) {
          const members = a.slice(1).split(",");
          const has = ({ name, key: k }: typeof alice): boolean => key === k || members.includes(name);
          expect(a === "*" || (a.startsWith("@") && has(alice) && has(bob))).toBe(true);
        }
      }),
    );
  });

  test("are bounded, those heard of last first [HEAL-2]", () => {
    const marks: Marks = {};
    for (let n = 0; n < MAX_HEAL_MARKS + 5; n += 1) marks[markOf(alice.key, `@bob,m${n}`)] = [[1, 1]];
    const shared = sharedMarks(marks, noAuthors(), alice, bob);
    expect(shared).toHaveLength(MAX_HEAL_MARKS);
    expect(shared[0]!.audience).toBe(`@bob,m${MAX_HEAL_MARKS + 4}`);
  });
});

/** A line of history by somebody; only what healing looks at is true in it. */
function line(
  author: typeof alice,
  to: readonly { member: string; key?: string }[],
  seq: number,
  at: number,
  channel?: string,
): HistoryRecord {
  const id = `e${author.name[0]}${channel ?? ""}${to.length}${String(seq).padStart(8, "0")}`;
  const head = {
    v: 1,
    id,
    room: "lobby",
    author: author.name,
    key: author.key,
    role: "user",
    kind: "message",
    to,
    ...(channel === undefined ? {} : { channel }),
    thread: id,
    chain: id,
    hop: 0,
    seq,
    time: 0,
    body: { hash: "A".repeat(43), length: 1, media: "text/plain" },
  };
  return {
    at,
    stamp: `${at}-0`,
    author: author.name,
    role: "user",
    kind: "message",
    to: [],
    ...(channel === undefined ? {} : { channel }),
    thread: id,
    text: "x",
    id,
    head: JSON.stringify(head),
    sig: "",
  };
}
const run = (lines: readonly HistoryLine[], wanted: Wanted): Found => {
  const reading = collect(
    lines.toReversed().map((value) => ({ value })),
    wanted,
  );
  for (;;) {
    const step = reading.next();
    if (step.done === true) return step.value;
  }
};
const headsOf = (found: Found): Head[] => found.records.map((r) => JSON.parse(r.head) as Head);

describe("what is given", () => {
  const address = fc.record(
    { member: fc.constantFrom(...NAMES), key: fc.constantFrom(...NAMES.map((n) => party(n).key)) },
    { requiredKeys: ["member"] },
  );
  const said = fc.uniqueArray(
    fc.record({
      author: fc.constantFrom(alice, bob, carol),
      to: fc.array(address, { maxLength: 2 }),
      seq: fc.integer({ min: 1, max: 9 }),
    }),
    { selector: (s) => `${s.author.name} ${audienceOf(s)} ${s.seq}`, maxLength: 40 },
  );

  test("is all that bob lacks and may have, oldest first, and nothing else [HEAL-3] [PIN-2]", () => {
    fc.assert(
      fc.property(said, (events) => {
        const lines = events.map((e, n) => line(e.author, e.to, e.seq, n + 1));
        const missing = new Map<string, Ranges>();
        for (const e of events) missing.set(markOf(e.author.key, audienceOf(e)), [[3, 6]]);
        const found = run(lines, { by: bob, missing, since: "0-0", past: 0 });
        const lacks = lines.filter((value) => {
          const head = JSON.parse("head" in value ? value.head : "") as Head;
          return head.seq >= 3 && head.seq <= 6 && mayHave(head, bob);
        });
        expect(found).toEqual({ records: lacks, more: false });
        for (const head of headsOf(found)) {
          const isFor = head.to.some((a) => a.member === "bob" && (a.key ?? bob.key) === bob.key);
          expect(head.to.length === 0 || head.key === bob.key || isFor).toBe(true);
        }
      }),
    );
  });

  test("of the past is the newest only, at once not too much, and with the stamp that counts [HEAL-1] [HEAL-5] [STAMP-4]", () => {
    const lines = Array.from({ length: 6_000 }, (_, n) => line(alice, [], n + 1, n + 1));
    const missing = new Map<string, Ranges>([[markOf(alice.key, "*"), [[1, 6_000]]]]);
    const of = (since: number, past: number): Found => run(lines, { by: bob, missing, since: `${since}-0`, past });
    expect(headsOf(of(5_991, 5)).map((h) => h.seq)).toEqual(Array.from({ length: 15 }, (_, n) => 5_986 + n));
    expect(of(6_001, 0).records).toEqual([]);
    const first = of(0, 0);
    expect([first.more, first.records.length, headsOf(first).at(-1)!.seq]).toEqual([true, MAX_FOUND, 6_000]);
    const again = [...lines.slice(0, 2), { restamp: (lines[0] as { id: string }).id, stamp: "9-9", at: 9 }];
    expect(run(again, { by: bob, missing, since: "0-0", past: 0 }).records.map((r) => r.stamp)).toEqual(["9-9", "2-0"]);
  });
});

describe("channels", () => {
  const CHANNELS = ["build", "constructor", "lunch"];
  const inChannels = fc.subarray(CHANNELS).map((names) => new Set(names));
  const someLines = fc.array(
    fc.record({
      author: fc.constantFrom(alice, bob, carol),
      channel: fc.constantFrom(...CHANNELS),
      to: fc.constantFrom([], [{ member: "bob" }], [{ member: "carol", key: carol.key }]),
    }),
    { maxLength: 30 },
  );
  const told = fc.constantFrom(...CHANNELS).map((channel) => new Map([[channel, new Set(["nothing"])]]));

  test("are told of and given among those who are in them, whoever wrote or is addressed [CHANNEL-5] [HEAL-3]", () => {
    fc.assert(
      fc.property(someLines, inChannels, inChannels, fc.option(told), (events, ours, theirs, out) => {
        const lines = events.map(({ author, to, channel }, n) => line(author, to, n + 1, n + 1, channel));
        const marks: Marks = {};
        for (const { author, channel } of events) marks[markOf(author.key, `#${channel}`)] = [[1, 99]];
        const asker = { ...bob, channels: theirs, ...(out === null ? {} : { putOut: out }) };
        const shared = sharedMarks(marks, noAuthors(), asker, { ...alice, channels: ours });
        for (const { audience: a } of shared) expect(ours.has(a.slice(1)) && theirs.has(a.slice(1))).toBe(true);
        const missing = new Map<string, Ranges>(shared.map((m) => [markOf(m.key, m.audience), m.ranges]));
        const found = run(lines, { by: asker, missing, since: "0-0", past: 0 });
        const may = lines.filter(({ channel = "" }) => ours.has(channel) && theirs.has(channel) && !out?.has(channel));
        expect(found.records).toEqual(may);
      }),
    );
  });

  test("give a newcomer the newest of each, whatever the room had said meanwhile, and what decides always [CHANNEL-5]", () => {
    const open = line(alice, [], 1, 1, "build");
    const talk = Array.from({ length: 20 }, (_, n) => line(alice, [], n + 2, n + 2, "build"));
    const lunch = Array.from({ length: 3 }, (_, n) => line(carol, [], n + 1, n + 30, "lunch"));
    const busy = Array.from({ length: 50 }, (_, n) => line(alice, [], n + 1, n + 40));
    const later = [line(alice, [], 22, 101, "build"), line(carol, [], 4, 102, "lunch")];
    const both = new Set(["build", "lunch"]);
    const missing = new Map<string, Ranges>([
      [markOf(alice.key, "*"), [[1, 50]]],
      [markOf(alice.key, "#build"), [[1, 22]]],
      [markOf(carol.key, "#lunch"), [[1, 4]]],
    ]);
    const wanted = { by: { ...bob, channels: both }, missing, since: "60-0", past: 5, deciding: [open] };
    const found = run([open, ...talk, ...lunch, ...busy, ...later], {
      ...wanted,
      channels: { build: "100-0", lunch: "0-0" },
    });
    const seqs = (audience: string): number[] =>
      headsOf(found)
        .filter((head) => audienceOf(head) === audience)
        .map(({ seq }) => seq);
    // It was in #lunch all the time, and comes to #build now: there its past is what stands above.
    expect(seqs("#lunch")).toEqual([1, 2, 3, 4]);
    expect(seqs("#build").toSorted((a, b) => a - b)).toEqual([1, 17, 18, 19, 20, 21, 22]);
    expect(seqs("*")).toEqual(Array.from({ length: 35 }, (_, n) => n + 16));
  });
});
