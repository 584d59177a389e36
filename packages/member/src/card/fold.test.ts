// The card as a fold: the same one in whatever order cards come, and nobody's many push out the latest.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { foldCard, type HeldCard, type HeldCards, latestCard, MAX_CARDS } from "./fold.ts";

const held = (key: string, seq: number, time: number): HeldCard => ({
  ...{ key, author: `name-of-${key}`, seq, time },
  sealed: { head: `${key} ${seq}`, sig: "", body: "{}" },
});
const fold = (cards: readonly HeldCard[]): HeldCards => cards.reduce(foldCard, {} as HeldCards);

test("of one author the highest seq counts, of several the latest time, in any order [CARD-3]", () => {
  const one = fc.record({ key: fc.constantFrom("A", "B", "C"), time: fc.nat(5) });
  const shuffled = fc
    .array(one, { minLength: 1, maxLength: 20 })
    .map((all) => all.map(({ key, time }, n) => held(key, n + 1, time)))
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, ([all, order]) => {
      const last = ["A", "B", "C"].flatMap((key) => all.findLast((card) => card.key === key) ?? []);
      const latest = last.reduce((a, b) => (b.time > a.time || (b.time === a.time && b.key > a.key) ? b : a));
      for (const cards of [fold(all), fold(order), fold([...order, ...order])])
        expect(latestCard(cards, () => true)).toEqual(latest);
    }),
  );
});

test("a card whose author does not count any more leaves its place to the one before, and few are kept [CARD-3]", () => {
  const cards = fold([held("A", 1, 10), held("B", 1, 20)]);
  expect(latestCard(cards, ({ key }) => key !== "B")?.key).toBe("A");
  const many = fold([held("A", 1, 1_000), ...Array.from({ length: 50 }, (_, n) => held(`M${n}`, 1, n))]);
  expect(Object.keys(many)).toHaveLength(MAX_CARDS);
  expect(latestCard(many, () => true)?.key).toBe("A");
});
