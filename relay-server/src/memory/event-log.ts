// The log of a relay that stands alone: a ring for each followed room; nothing outlives the process.
import type { Clock } from "@agora/ports";
import { compareStamps, fail, MAX_STAMP_LEAD_MS, ok, stampParts } from "@agora/protocol";
import type { EventLog, LogFollower, Past } from "../ports/event-log.ts";
import type { RingBudget } from "./ring-budget.ts";
import { Ring, type RingLimits } from "./ring.ts";

interface Kept {
  readonly ring: Ring;
  /** Copied when a follower comes or goes, so that it can be iterated meanwhile. */
  followers: readonly { readonly to: LogFollower }[];
}

const NOT_FOLLOWED = fail("unavailable", "nobody follows this room");

/** Creates an in-memory log; it answers immediately. */
export function memoryEventLog(limits: RingLimits, clock: Clock, budget?: RingBudget): EventLog {
  const rooms = new Map<string, Kept>();
  return {
    append(room, events) {
      const kept = rooms.get(room);
      if (kept === undefined) return NOT_FOLLOWED;
      const stamps: string[] = [];
      for (const event of events) {
        const known = kept.ring.stampOf(event.key, event.id);
        if (known !== undefined) {
          stamps.push(known);
          continue;
        }
        const stamped = kept.ring.append(event, clock.now());
        stamps.push(stamped.stamp);
        for (const { to } of kept.followers) to.heard(stamped);
      }
      return ok(stamps);
    },
    find: (room, key, id) => ok(rooms.get(room)?.ring.stampOf(key, id)),
    read(room, after) {
      const ring = rooms.get(room)?.ring;
      return ring === undefined ? NOT_FOLLOWED : ok(readRing(ring, after, clock.now()));
    },
    follow(room, follower) {
      const kept: Kept = rooms.get(room) ?? { ring: new Ring(limits, clock.now(), budget), followers: [] };
      rooms.set(room, kept);
      const mine = { to: follower };
      kept.followers = [...kept.followers, mine];
      const stop = (): void => {
        kept.followers = kept.followers.filter((other) => other !== mine);
        if (kept.followers.length > 0 || rooms.get(room) !== kept) return;
        rooms.delete(room);
        budget?.gone(kept.ring);
      };
      return ok({ from: kept.ring.last, stop });
    },
  };
}

function readRing(ring: Ring, after: string | undefined, now: number): Past {
  if (after === undefined) return { last: ring.last, gap: false, events: [] };
  // Above the last one: it was stamped in an earlier run of this relay, with another clock. [JOIN-3]
  const isForeign = compareStamps(after, ring.last) > 0;
  const past = { gap: isForeign || compareStamps(after, ring.floor) < 0, events: ring.after(after) };
  const highest = now + MAX_STAMP_LEAD_MS;
  ring.raise(stampParts(after)[0] > highest ? `${highest}-0` : after); // [STAMP-3]
  return { last: ring.last, ...past };
}
