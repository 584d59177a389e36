// What a cursor means, and which ones are refused.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createCursors, newGeneration } from "./cursor.ts";

const cursors = createCursors("abcd1234", () => 100);

test("what was written is read; a bare number is a position; now is the end", () => {
  fc.assert(
    fc.property(fc.nat(100), (position) => {
      expect(cursors.read(cursors.write(position), 7)).toEqual({ ok: true, value: position });
    }),
  );
  expect(cursors.read(undefined, 7)).toEqual({ ok: true, value: 7 });
  expect(cursors.read("0", 7)).toEqual({ ok: true, value: 0 });
  expect(cursors.read("now", 7)).toEqual({ ok: true, value: 100 });
});

test("a cursor of another history, or beyond the end, is told where to begin", () => {
  for (const word of ["101", "250000", "abcd1234-101", `${newGeneration()}-3`])
    expect(cursors.read(word, 7)).toMatchObject({
      ok: false,
      code: "reset",
      message: expect.stringContaining("after=abcd1234-0") as unknown,
    });
});

test("whatever else was sent is no cursor", () => {
  for (const word of ["-1", "1.5", "abc", "99999999999999999999", "abcd1234-", "x".repeat(5_000)])
    expect(cursors.read(word, 7)).toMatchObject({ ok: false, code: "bad-request" });
});
