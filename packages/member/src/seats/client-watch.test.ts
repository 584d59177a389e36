import { manualClock } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { watchClient } from "./client-watch.ts";

function session() {
  const closers: (() => void)[] = [];
  return {
    id: "1",
    closed: false,
    push: () => undefined,
    onClose: (fn: () => void) => {
      closers.push(fn);
      return () => undefined;
    },
    close: () => closers.forEach((fn) => fn()),
  };
}

test("a client that ended is told of once; one that was never seen, or whose session closed, never", () => {
  const clock = manualClock();
  const running = new Set([1, 2]);
  const dead: number[] = [];
  const [first, second, hidden] = [session(), session(), session()];
  for (const [pid, own] of [first, second, hidden].map((one, at) => [at + 1, one] as const))
    watchClient(
      clock,
      own,
      pid,
      (one) => running.has(one),
      () => dead.push(pid),
    );
  clock.advance(60_000);
  expect(dead).toEqual([]);
  running.clear();
  second.close();
  clock.advance(60_000);
  expect(dead).toEqual([1]);
});
