// The memory of one process, as a backend: the common suite, and what is its own.
import { manualClock } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { memoryPorts } from "../../src/memory/ports.ts";
import { RingBudget } from "../../src/memory/ring-budget.ts";
import { describePorts } from "./acceptance.ts";

const REMEMBERS = 100;
const LIMITS = { bytes: 1e9, events: REMEMBERS };

describePorts("in memory", () => {
  const clock = manualClock();
  const ports = memoryPorts(LIMITS, clock);
  return Promise.resolve({
    ports: [ports, ports] as const,
    clock,
    remembers: REMEMBERS,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});

test("a room that nobody follows any more is forgotten, with all it took", () => {
  const budget = new RingBudget(1e6);
  const { events } = memoryPorts(LIMITS, manualClock(), budget);
  const follower = { heard: () => undefined, lost: () => undefined };
  const stops = [1, 2].map(() => {
    const followed = events.follow("lobby", follower);
    if (followed instanceof Promise || !followed.ok) throw new Error("memory answers at once");
    return followed.value.stop;
  });
  const event = { id: "a", author: "alice", key: "k", to: [], text: "x".repeat(1_000) };
  void events.append("lobby", [event]);
  stops[0]!();
  expect(budget.bytes).toBeGreaterThan(1_000);
  stops[1]!();
  stops[1]!();
  expect(budget.bytes).toBe(0);
  expect(events.append("lobby", [event])).toMatchObject({ ok: false, code: "unavailable" });
});
