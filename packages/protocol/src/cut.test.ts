import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cutName, cutText } from "./cut.ts";

test("a cut never goes through a character", () => {
  for (const character of ["👩‍👩‍👧‍👦", "e\u0301", "🇩🇪", "👍🏽", "𝒳", "각"])
    for (let max = 1; max <= 30; max += 1) {
      const cut = cutText(character.repeat(10), max);
      expect(cut.length).toBeLessThanOrEqual(max);
      expect(cut.length % character.length).toBe(0);
    }
});

test("what is short enough stays, and the rest is a beginning of it without half a pair", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.nat(80), (text, max) => {
      const cut = cutText(text, max);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(max);
      expect(cut.isWellFormed()).toBe(text.isWellFormed() || cut.isWellFormed());
      if (text.length <= max) expect(cut).toBe(text);
    }),
  );
  expect(cutText(`a${"\u0301".repeat(500)}`, 200).length).toBeGreaterThan(100);
});

test("a name keeps its ending", () => {
  expect(cutName(`${"long".repeat(100)}.tar.gz`, 40)).toBe(`${"long".repeat(9)}l.gz`);
  expect(cutName(`${"ü".repeat(300)}.txt`, 255)).toMatch(/^ü{251}\.txt$/);
  expect(cutName("short.txt", 40)).toBe("short.txt");
  expect(cutName(`.${"h".repeat(100)}`, 20)).toHaveLength(20);
});
