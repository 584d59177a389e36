import { MAX_STAMP_LEAD_MS } from "@agora/protocol";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  adoptMarks,
  type Arrival,
  AUTHORS,
  foldArrival,
  foldMet,
  isMet,
  MAX_AUDIENCES,
  mayHaveArrived,
  noAuthors,
  type Standing,
  standingOfAuthor,
} from "./authors.ts";
import { hasSeq, markOf, type Marks } from "./marks.ts";

const arrival = (key: string, n: number, more: Partial<Arrival> = {}): Arrival => ({
  key,
  audience: "*",
  seq: 1,
  time: 1_000_000 + n,
  at: 1_000_000 + n,
  standing: "here",
  ...more,
});

/** Whether an event would be taken for a new one. */
const isNews = (marks: Marks, authors: ReturnType<typeof noAuthors>, one: Arrival): boolean =>
  !hasSeq(marks[markOf(one.key, one.audience)], one.seq) && !mayHaveArrived(authors, one, one.standing);

describe("what arrived", () => {
  test("never counts as new again, whoever comes after and whatever is forgotten [SEQ-4]", () => {
    const marks: Marks = {};
    const authors = noAuthors();
    const all: Arrival[] = [];
    const fold = (one: Arrival): void => {
      foldArrival(marks, authors, one);
      all.push(one);
    };
    for (let n = 0; n < 5_200; n += 1) fold(arrival(`here${n}`, n));
    for (let n = 0; n < 3_000; n += 1) fold(arrival(`handed${n}`, n, { standing: "handed", by: `m${n % 9}` }));
    for (let n = 0; n < 300; n += 1) fold(arrival("busy", n, { audience: `@a,b${n}`, seq: n }));
    expect(all.filter((one) => isNews(marks, authors, one))).toEqual([]);
    expect(Object.keys(authors.known).length).toBeLessThan(AUTHORS.pools.here.most + AUTHORS.pools.handed.most + 1);
    expect(Object.keys(marks).filter((mark) => mark.startsWith("busy|"))).toHaveLength(MAX_AUDIENCES.here);
    // What is said afterwards is news, also of who was forgotten.
    expect(isNews(marks, authors, arrival("here0", 6_000, { seq: 2 }))).toBe(true);
  });

  test("of those we spoke with is known whatever strangers do, and what is handed on costs nobody who was here", () => {
    const marks: Marks = {};
    const authors = noAuthors();
    foldArrival(marks, authors, arrival("alice", 1, { seq: 7 }));
    foldArrival(marks, authors, arrival("carol", 1, { seq: 3 }));
    foldMet(marks, authors, "alice");
    expect(isMet(authors, "alice")).toBe(true);
    for (let n = 0; n < 6_000; n += 1)
      foldArrival(marks, authors, arrival(`x${n}`, n, { standing: "handed", by: `m${n}` }));
    expect(marks["carol|*"]).toEqual([[3, 3]]);
    for (let n = 0; n < 6_000; n += 1) foldArrival(marks, authors, arrival(`y${n}`, n));
    expect(marks["alice|*"]).toEqual([[7, 7]]);
    expect(marks["carol|*"]).toBeUndefined();
    // Another member's names are no reason to doubt who comes by the relay's word.
    expect(mayHaveArrived({ ...authors, floors: { here: 0, handed: 9e12 } }, arrival("new", 1), "here")).toBe(false);
  });

  test("can't be made to seem forgotten for ever by a time that nobody lives to see", () => {
    const marks: Marks = {};
    const authors = noAuthors();
    for (let n = 0; n < 2_100; n += 1)
      foldArrival(marks, authors, arrival(`x${n}`, n, { time: Number.MAX_SAFE_INTEGER }));
    expect(authors.floors.here).toBeLessThanOrEqual(1_000_000 + 2_100 + MAX_STAMP_LEAD_MS);
  });

  test("raises an author and never lowers it; marks and authors agree, also after an earlier version kept marks alone", () => {
    const one = fc.record({
      key: fc.constantFrom("a", "b", "c"),
      audience: fc.constantFrom("*", "#x", "@a,b"),
      seq: fc.integer({ min: 1, max: 9 }),
      standing: fc.constantFrom<Standing>("own", "met", "here", "handed"),
    });
    const order: Standing[] = ["handed", "here", "met", "own"];
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), (arrivals) => {
        const marks: Marks = {};
        const authors = noAuthors();
        for (const [n, each] of arrivals.entries()) {
          const before = standingOfAuthor(authors, each.key) ?? "handed";
          foldArrival(marks, authors, arrival(each.key, n, each));
          const after = standingOfAuthor(authors, each.key)!;
          expect(order.indexOf(after)).toBe(Math.max(order.indexOf(before), order.indexOf(each.standing)));
        }
        const listed = (): string[] =>
          Object.entries(authors.known).flatMap(([key, a]) =>
            Object.keys(a.audiences).map((audience) => markOf(key, audience)),
          );
        expect(listed().sort()).toEqual(Object.keys(marks).sort());
        const alone = noAuthors();
        const kept = structuredClone(marks);
        adoptMarks(kept, alone, 5);
        expect(kept).toEqual(marks);
        expect(Object.keys(alone.known).sort()).toEqual([...new Set(arrivals.map(({ key }) => key))].sort());
      }),
    );
  });
});
