// What devices tell each other comes in any order, and gives the same.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { behind, entryOf, foldOwn, MAX_PLACES, type OwnEntries, type OwnEntry } from "./fold.ts";

const stamp = fc.integer({ min: 1, max: 9 }).map((n) => `${n}-0`);
const PLACES = ["*", "#build", "@bob"];
const entry = fc.record({
  place: fc.constantFrom(...PLACES),
  value: stamp,
  isIn: fc.boolean(),
  stamp,
  id: fc.constantFrom("a", "b"),
});

function fold(entries: readonly { readonly what: "read" | "in"; readonly entry: OwnEntry }[]): OwnEntries {
  const all: OwnEntries = {};
  for (const one of entries) foldOwn(all, one.what, one.entry);
  return all;
}

test("of reading the furthest counts, of a channel the latest word, in whatever order both come [DEVICE-15]", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { selector: ({ place, stamp: at, id }) => `${place} ${at} ${id}`, maxLength: 12 }),
      fc.gen(),
      (all, gen) => {
        const words = all.flatMap(({ place, value, isIn, stamp: at, id }) => [
          { what: "read" as const, entry: { place, value, stamp: at, id } },
          { what: "in" as const, entry: { place, value: isIn, stamp: at, id } },
        ]);
        const shuffled = gen(() => fc.shuffledSubarray(words, { minLength: words.length }));
        const values = (entries: OwnEntries) =>
          PLACES.map((place) => [entryOf(entries, "read", place)?.value, entryOf(entries, "in", place)?.value]);
        expect(values(fold([...shuffled, ...shuffled]))).toEqual(values(fold(words)));
      },
    ),
  );
});

test("what is decided now stands behind all that is known, and places are bounded [DEVICE-15]", () => {
  const later = { place: "#build", value: false, stamp: behind("7-0"), id: "" };
  const all = fold([
    { what: "in", entry: { place: "#build", value: true, stamp: "7-0", id: "z" } },
    { what: "in", entry: later },
  ]);
  expect(entryOf(all, "in", "#build")).toEqual(later);
  const many = Array.from({ length: MAX_PLACES * 2 }, (_, n) => ({
    what: "read" as const,
    entry: { place: `@m${n}`, value: "1-0", stamp: "1-0", id: "" },
  }));
  expect(Object.keys(fold(many)).length).toBeLessThanOrEqual(MAX_PLACES * 1.1);
});

test("what is told anew takes the place of its first telling, and an older telling takes no place [DEVICE-15]", () => {
  const told = (id: string, stamp: string): OwnEntry => ({
    ...{ place: "*", value: "5-0", stamp, id },
    event: { head: id, sig: "", body: "" },
  });
  for (const order of [
    ["7-0", "9-0"],
    ["9-0", "7-0"],
  ])
    expect(
      entryOf(fold(order.map((at) => ({ what: "read" as const, entry: told(`at-${at}`, at) }))), "read", "*")?.id,
    ).toBe("at-9-0");
});
