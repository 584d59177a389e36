// [CONTROL-3]: whatever order operators' words come in, the same holds.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { controlTime, MAX_CONTROLS } from "@agora/protocol";
import { actInForce, foldControl, type HeldControl, type HeldControls, heldBans, wordsOn } from "./fold.ts";

const sealed = { head: "", sig: "", body: "" };
const control = fc.record({
  act: fc.constantFrom("pause" as const, "resume" as const),
  key: fc.constantFrom("a", "b", "c"),
  time: fc.nat(5),
  seq: fc.nat(8),
});
const fold = (words: readonly HeldControl[]): HeldControls => {
  const controls: HeldControls = {};
  for (const word of words) foldControl(controls, "pause", word);
  return controls;
};

test("any order of arrival, also twice, gives the same state [CONTROL-3]", () => {
  // An operator numbers each word once, so key and seq say which word it is.
  const words = fc.uniqueArray(control, { selector: (c) => `${c.key} ${c.seq}` });
  fc.assert(
    fc.property(words, fc.infiniteStream(fc.nat()), (some, dice) => {
      const said = some.map((word) => ({ ...word, sealed }));
      const shuffled = [...said, ...said].map((word) => ({ word, at: dice.next().value! })).sort((a, b) => a.at - b.at);
      const again = fold(shuffled.map(({ word }) => word));
      expect(again).toEqual(fold(said));
      expect(actInForce(again, "pause")).toBe(actInForce(fold(said), "pause"));
    }),
  );
});

test("of one operator the highest seq counts, of several the latest time [CONTROL-3]", () => {
  const word = (act: HeldControl["act"], key: string, seq: number, time: number): HeldControl => ({
    act,
    key,
    seq,
    time,
    sealed,
  });
  const first = word("pause", "a", 1, 10);
  expect(actInForce(fold([first]), "pause")).toBe("pause");
  expect(actInForce(fold([word("resume", "a", 2, 5), first]), "pause")).toBe("resume"); // its clock went back
  expect(actInForce(fold([first, word("resume", "b", 1, 11)]), "pause")).toBe("resume");
  expect(actInForce(fold([first, word("resume", "b", 9, 9)]), "pause")).toBe("pause");
  // The first operator's newer word has an older time: then the other operator's counts, in any order.
  const three = [first, word("resume", "a", 2, 5), word("pause", "b", 1, 7)];
  for (const order of [three, three.toReversed()]) expect(actInForce(fold(order), "pause")).toBe("pause");
});

test("a bounded number is kept; what holds somebody back outlives what says 'as usual'", () => {
  const controls: HeldControls = {};
  foldControl(controls, "ban:key", { act: "ban", key: "a", seq: 1, time: 1, sealed });
  for (let n = 0; n < 2 * MAX_CONTROLS; n += 1)
    foldControl(controls, `ban:${n}`, { act: "unban", key: "a", seq: n + 2, time: n + 2, sealed });
  expect(Object.keys(controls)).toHaveLength(MAX_CONTROLS);
  expect(heldBans(controls).bar("bob", "key")).toBe(true);
  expect(heldBans(controls).bar("bob", "another")).toBe(false);
});

/** Clocks that are wrong, and are set while somebody decides. */
const offset = fc.constantFrom(0, -86_400_000, -120_000, 3_600_000, 5 * 86_400_000);

test("who decides last, knowing what was decided before, holds, whoever's clock it is and however it jumps [CONTROL-3] [CONTROL-15]", () => {
  const decision = fc.record({
    by: fc.constantFrom("a", "b", "c"),
    off: offset,
    act: fc.constantFrom("pause" as const, "resume" as const),
  });
  fc.assert(
    fc.property(fc.array(decision, { minLength: 1, maxLength: 20 }), fc.infiniteStream(fc.nat()), (said, dice) => {
      const seen: HeldControls = {};
      const words = said.map(({ by, off, act }, i): HeldControl => {
        const time = controlTime(1_700_000_000_000 + i * 1_000 + off, wordsOn(seen, "pause"));
        const word = { act, key: by, seq: i + 1, time, sealed };
        foldControl(seen, "pause", word);
        expect(actInForce(seen, "pause")).toBe(act); // it holds for who says it, at once
        return word;
      });
      const shuffled = words.map((word) => ({ word, at: dice.next().value! })).sort((x, y) => x.at - y.at);
      expect(actInForce(fold(shuffled.map(({ word }) => word)), "pause")).toBe(said.at(-1)!.act);
    }),
  );
});

test("two who decide in one moment get one outcome everywhere, and one of them at least holds [CONTROL-3]", () => {
  fc.assert(
    fc.property(offset, offset, (one, other) => {
      const word = (act: HeldControl["act"], key: string, off: number): HeldControl => ({
        act,
        key,
        seq: 1,
        time: controlTime(1_700_000_000_000 + off, []),
        sealed,
      });
      const both = [word("pause", "a", one), word("resume", "b", other)];
      const outcome = actInForce(fold(both), "pause");
      expect(actInForce(fold(both.toReversed()), "pause")).toBe(outcome);
      expect(outcome).toBe(one > other ? "pause" : "resume");
    }),
  );
});
