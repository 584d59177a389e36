import * as fc from "fast-check";
import { expect, test } from "vitest";
import { TokenBucket } from "./rate-limit.ts";

test("a burst at once, then a steady rate, and the wait that is told is enough", () => {
  const bucket = new TokenBucket({ burst: 2, perSecond: 4 }, 0);
  expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 250]);
  expect(bucket.take(249)).toBe(1);
  expect(bucket.take(250)).toBe(0);
  expect(bucket.isFull(250)).toBe(false);
  expect(bucket.isFull(750)).toBe(true);
});

test("a burst of 0 limits nothing", () => {
  const bucket = new TokenBucket({ burst: 0, perSecond: 0 }, 0);
  for (let i = 0; i < 1000; i++) expect(bucket.take(0)).toBe(0);
});

test("never more than burst plus rate times time, even when the clock goes back", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -100, max: 400 })), (steps) => {
      const bucket = new TokenBucket({ burst: 3, perSecond: 5 }, 0);
      let [now, highest, taken] = [0, 0, 0];
      for (const s of steps) {
        now += s;
        highest += Math.max(0, s);
        if (bucket.take(now) === 0) taken += 1;
        expect(taken).toBeLessThanOrEqual(3 + (highest / 1000) * 5 + 1e-9);
      }
    }),
  );
});
