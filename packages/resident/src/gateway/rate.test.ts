import { manualClock } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { createRateLimit } from "./rate.ts";

test("a burst, then a pace; each caller alone", () => {
  const clock = manualClock();
  const rate = createRateLimit({ burst: 2, perSecond: 10 }, clock);
  expect([rate.take("a"), rate.take("a"), rate.take("a")]).toEqual([0, 0, 100]);
  expect(rate.take("b")).toBe(0);
  clock.advance(100);
  expect([rate.take("a"), rate.take("a")]).toEqual([0, 100]);
});
