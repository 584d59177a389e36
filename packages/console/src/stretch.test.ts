// A stretch that grows at both ends at once loses nothing.
import { expect, test } from "vitest";
import type { ShownLine } from "./line-book.ts";
import { grown } from "./stretch.ts";

const lines = (...numbers: number[]): ShownLine[] =>
  numbers.map((n) => ({
    id: String(n).padStart(20, "0"),
    thread: "t",
    author: "bob",
    role: "user",
    kind: "message",
    to: [],
    text: "",
    time: n,
    at: n,
    stamp: `${n}-0`,
    hop: 0,
    mine: false,
  }));

test("what came at one end stays when the other end's answer comes, and each end says whether it goes on", () => {
  const first = grown(undefined, "first", { lines: lines(5, 6), more: true, newer: true });
  const newer = grown(first, "after", { lines: lines(7, 8), more: true });
  const both = grown(newer, "before", { lines: lines(3, 4), more: false, newer: true });
  expect(both).toEqual({ lines: lines(3, 4, 5, 6, 7, 8), more: false, newer: false });
});
