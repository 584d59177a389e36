import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareStamps, FIRST_STAMP, isStamp, nextStamp, stampParts } from "./stamp.ts";

const number = fc.oneof(
  fc.nat(20),
  fc.nat(),
  fc.constantFrom(1_760_000_000_000, 999_999_999_999_998, 999_999_999_999_999),
);
const stamp = fc.tuple(number, number).map(([ms, n]) => `${ms}-${n}`);

test("the order of stamps is total: one sign, antisymmetric, transitive [STAMP-1]", () => {
  fc.assert(
    fc.property(stamp, stamp, stamp, (a, b, c) => {
      expect(Math.sign(compareStamps(a, b))).toBe(-Math.sign(compareStamps(b, a)) + 0);
      expect(compareStamps(a, b) === 0).toBe(a === b);
      const sorted = [a, b, c].sort(compareStamps);
      expect(compareStamps(sorted[0]!, sorted[2]!)).toBeLessThanOrEqual(0);
    }),
  );
});

test("every stamp is above the first, and has its two numbers [STAMP-1]", () => {
  fc.assert(
    fc.property(number, number, (ms, n) => {
      expect(isStamp(`${ms}-${n}`)).toBe(true);
      expect(stampParts(`${ms}-${n}`)).toEqual([ms, n]);
      expect(compareStamps(FIRST_STAMP, `${ms}-${n}`)).toBeLessThanOrEqual(0);
    }),
  );
});

test("what is not a stamp counts as the lowest place [STAMP-1]", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(isStamp(text) || compareStamps(text, FIRST_STAMP) === 0).toBe(true);
    }),
  );
});

test("stamps rise whatever the clock does, also where a member has pushed them to the end [STAMP-2]", () => {
  const last = stamp.filter((s) => stampParts(s)[0] < 999_999_999_999_990);
  fc.assert(
    fc.property(last, fc.array(fc.nat(2_000_000_000_000), { maxLength: 10 }), (from, clock) => {
      let now = from;
      for (const ms of clock) {
        const next = nextStamp(now, ms);
        expect(isStamp(next)).toBe(true);
        expect(compareStamps(next, now)).toBeGreaterThan(0);
        now = next;
      }
    }),
  );
});
