// The lines of the page: each once and in the room's order, however they come.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addApart,
  addLines,
  compareLines,
  EMPTY_BOOK,
  select,
  setReactions,
  type ShownLine,
  threadsOf,
} from "./line-book.ts";

function line(n: number, more: Partial<ShownLine> = {}): ShownLine {
  const id = String(n).padStart(20, "0");
  return {
    id,
    thread: id,
    author: "bob",
    role: "user",
    kind: "message",
    to: [],
    text: `line ${n}`,
    time: n,
    at: n,
    stamp: `${n}-0`,
    hop: 0,
    mine: false,
    ...more,
  };
}

describe("a book of lines", () => {
  test("has the reactions of a line as they are now, in the room and beside it; of another line nothing changes", () => {
    const book = addApart(addLines(EMPTY_BOOK, [line(1), line(2)]), [line(2), line(3)]);
    const reactions = [{ text: "👍", by: [{ member: "bob", role: "user" as const }] }];
    const of = (n: number) => {
      const { room, apart } = setReactions(book, { id: line(n).id, reactions });
      return [room.map((one) => one.reactions?.length), [...apart.values()].map((one) => one.reactions?.length)];
    };
    expect(of(1)).toEqual([
      [1, undefined],
      [undefined, undefined],
    ]);
    expect(of(2)).toEqual([
      [undefined, 1],
      [1, undefined],
    ]);
    expect(setReactions(book, { id: line(9).id, reactions })).toBe(book);
  });

  test("has every line once and in order, whatever the order of arrival and however often", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(40), { maxLength: 8 }), { maxLength: 12 }), (batches) => {
        const book = batches.reduce(
          (now, batch) =>
            addLines(
              now,
              batch.map((n) => line(n)),
            ),
          EMPTY_BOOK,
        );
        const wanted = [...new Set(batches.flat())].sort((a, b) => a - b);
        expect(book.room.map(({ time }) => time)).toEqual(wanted);
      }),
    );
  });

  test("shows one's own at the end until it has its place", () => {
    const { stamp: _, ...own } = line(1, { mine: true, pending: true });
    const waiting = addLines(addLines(EMPTY_BOOK, [line(5), line(9)]), [own]);
    expect(waiting.room.map(({ time }) => time)).toEqual([5, 9, 1]);
    const said = addLines(waiting, [line(1, { mine: true, stamp: "7-0" })]);
    expect(said.room.map(({ time }) => time)).toEqual([5, 1, 9]);
    expect(said.room.every(({ pending }) => pending === undefined)).toBe(true);
  });

  test("keeps older threads apart: the room has no holes", () => {
    const book = addApart(addLines(EMPTY_BOOK, [line(50, { thread: "t" })]), [
      line(1, { thread: "t" }),
      line(50, { thread: "t" }),
    ]);
    expect(book.room.map(({ time }) => time)).toEqual([50]);
    expect(select(book, ({ thread }) => thread === "t").map(({ time }) => time)).toEqual([1, 50]);
  });

  test("orders all lines alike", () => {
    const some = fc.record({ n: fc.nat(20), stamped: fc.boolean() });
    fc.assert(
      fc.property(some, some, (a, b) => {
        const make = ({ n, stamped }: { n: number; stamped: boolean }): ShownLine => {
          const { stamp, ...rest } = line(n);
          return stamped ? { ...rest, stamp: stamp! } : rest;
        };
        expect(Math.sign(compareLines(make(a), make(b))) + Math.sign(compareLines(make(b), make(a)))).toBe(0);
      }),
    );
  });

  test("knows its threads, the latest first", () => {
    const threads = threadsOf([line(1), line(2), line(3, { thread: line(1).id, author: "carol" })]);
    expect(threads.map(({ count, people }) => [count, ...people])).toEqual([
      [2, "bob", "carol"],
      [1, "bob"],
    ]);
  });
});
