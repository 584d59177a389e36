// The bounds that hold whatever an event claims of itself.
import { manualClock } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { createTurnBounds } from "./turn-bounds.ts";

const taken = (take: () => string | undefined, most = 50): number => {
  for (let n = 0; n < most; n += 1) if (take() !== undefined) return n;
  return most;
};

test("a pair has fewer turns than an author, both fill up with time, and a person can give more", () => {
  const clock = manualClock();
  const bounds = createTurnBounds(clock);
  expect(taken(() => bounds.take("bob", "claude", undefined))).toBe(6);
  expect(bounds.take("bob", "claude", undefined)).toContain("between these two");
  expect(taken(() => bounds.take("bob", "codex", undefined))).toBe(2);
  expect(bounds.take("bob", "codex", undefined)).toContain("for this author");
  expect(taken(() => bounds.take("carol", "claude", "claude"))).toBe(6);
  clock.advance(120_000);
  expect(taken(() => bounds.take("bob", "claude", undefined))).toBe(2);
  bounds.give(3);
  expect(taken(() => bounds.take("bob", "claude", undefined))).toBe(3);
});

test("members to whom nothing was said yet have few turns together, however many names they have", () => {
  const clock = manualClock();
  const bounds = createTurnBounds(clock);
  let n = 0;
  expect(taken(() => bounds.take(`n${(n += 1)}`, undefined, undefined, true))).toBe(16);
  expect(bounds.take("one-more", undefined, undefined, true)).toContain("new here");
  expect(bounds.take("bob", undefined, undefined)).toBeUndefined();
  clock.advance(60_000);
  expect(bounds.take("one-more", undefined, undefined, true)).toBeUndefined();
});
