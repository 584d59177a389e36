import { expect, test } from "vitest";
import { CLOSE_CODES, closeCode } from "./close-codes.ts";
import { ERROR_CODES } from "./error-codes.ts";

const rows = Object.values(CLOSE_CODES);

test("each close code stands once, with a sentence that fits a close frame [CLOSE-1]", () => {
  expect(new Set(rows.map((row) => row.code)).size).toBe(rows.length);
  expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length);
  for (const row of rows) {
    expect(row.sentence).toMatch(/^[A-Z][^:]+: [^:]+\.$/); // what is wrong, and what to do
    expect(Buffer.byteLength(row.sentence)).toBeLessThanOrEqual(123);
    expect(closeCode(row.code)).toBe(row);
  }
});

test("the numbers that others know are kept [CLOSE-1]", () => {
  expect([CLOSE_CODES.badToken.code, CLOSE_CODES.nameTaken.code, CLOSE_CODES.invalidName.code]).toEqual([
    1008, 4009, 4012,
  ]);
});

test("an unknown code, and a lost connection, mean: come back [CLOSE-2]", () => {
  for (const code of [1005, 1006, 1011, 4999, 0])
    expect(closeCode(code)).toMatchObject({ code, retry: "yes", name: "lost" });
});

test("a join that fails has a close code of the same name, that agrees on coming back [JOIN-9]", () => {
  for (const word of ["bad-token", "name-taken", "room-full", "unknown-room", "too-many-rooms"] as const) {
    expect(rows.find((row) => row.name === word)?.retry).toBe(ERROR_CODES[word]);
  }
});
