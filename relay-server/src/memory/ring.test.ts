// The ring keeps the newest events within its bounds and knows from where on it is complete.
import { compareStamps } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isFor } from "../may-see.ts";
import type { RoomEvent } from "../ports/event-log.ts";
import { Ring } from "./ring.ts";

function event(id: string, bytes = 10): RoomEvent {
  return { id, author: "alice", key: "k", to: [], text: "x".repeat(bytes) };
}

test("an event is for the room, for a member, or for a member under one key or root", () => {
  const bob = { name: "bob", key: "k", shown: { root: "r" }, kin: new Set(["phone"]) };
  expect(isFor([], bob)).toBe(true);
  expect(isFor([{ member: "bob" }], bob)).toBe(true);
  expect(isFor([{ member: "bob", key: "k" }], bob)).toBe(true);
  expect(isFor([{ member: "bob", key: "phone" }], bob)).toBe(true);
  expect(isFor([{ member: "bob", key: "other", root: "r" }], bob)).toBe(true);
  expect(isFor([{ member: "bob", key: "other", root: "s" }], bob)).toBe(false);
  expect(isFor([{ member: "bob", key: "other" }], bob)).toBe(false);
  expect(isFor([{ member: "carol", root: "r" }], bob)).toBe(false);
});

test("the ring behaves as a list of all events of which the oldest are forgotten", () => {
  const step = fc.record({
    bytes: fc.nat(40),
    at: fc.integer({ min: -50, max: 50 }),
    raiseBy: fc.integer({ min: -200, max: 20 }),
    back: fc.nat(12),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 1, max: 12 }), (steps, events) => {
      const limits = { bytes: 200, events };
      const ring = new Ring(limits, 1_000);
      const all: { id: string; stamp: string; bytes: number }[] = [];
      let now = 1_000;
      for (const { bytes, at, raiseBy, back } of steps) {
        now += at;
        const before = ring.last;
        ring.raise(`${Math.max(0, now + raiseBy)}-3`);
        expect(compareStamps(ring.last, before)).toBeGreaterThanOrEqual(0);
        const { stamp } = ring.append(event(`${all.length}`, bytes), now);
        expect(compareStamps(stamp, before)).toBeGreaterThan(0);
        expect(stamp).toBe(ring.last);
        all.push({ id: `${all.length}`, stamp, bytes });
        const after = all.at(-1 - back)?.stamp ?? "0-0";
        const newer = all.slice(all.length - ring.size).filter((e) => compareStamps(e.stamp, after) > 0);
        expect(ring.after(after).map((e) => e.event.id)).toEqual(newer.map((e) => e.id));
        const kept = all.slice(all.length - ring.size);
        expect(ring.size).toBeLessThanOrEqual(limits.events);
        expect(ring.bytes).toBe(kept.reduce((sum, e) => sum + e.bytes, 0));
        expect(ring.bytes).toBeLessThanOrEqual(limits.bytes);
        const forgotten = all[all.length - ring.size - 1];
        expect(ring.floor).toBe(forgotten?.stamp ?? "1000-0");
        for (const e of all) expect(ring.stampOf("k", e.id)).toBe(kept.includes(e) ? e.stamp : undefined);
      }
    }),
    { numRuns: 60 },
  );
});

test("many events pass without the ring growing", () => {
  const ring = new Ring({ bytes: 1e9, events: 100 }, 0);
  for (let i = 0; i < 10_000; i++) ring.append(event(`${i}`), i);
  expect(ring.size).toBe(100);
  expect(ring.after("0-0").map((e) => e.event.id)).toEqual(Array.from({ length: 100 }, (_, i) => `${9_900 + i}`));
});

test("a stamp after the largest of its millisecond is a stamp still [STAMP-1] [STAMP-2]", () => {
  const ring = new Ring({ bytes: 1e9, events: 100 }, 0);
  ring.raise("5000-999999999999999");
  const stamps = ["a", "b"].map((id) => ring.append(event(id), 1_000).stamp);
  expect(stamps).toEqual(["5001-0", "5001-1"]);
});
