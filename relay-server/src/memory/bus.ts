// The bus of a relay that stands alone: followers hear a message in the same turn.
import { ok } from "@agora/protocol";
import type { Bus, BusFollower } from "../ports/bus.ts";

const NOBODY = ok("nobody" as const);
const FULL = ok("full" as const);
const TAKEN = ok("taken" as const);

interface Ear {
  readonly of: BusFollower;
}

/** Creates an in-memory bus; it answers immediately. */
export function memoryBus(): Bus {
  // Each list is copied when a follower comes or goes, so that it can be iterated meanwhile.
  const rooms = new Map<string, readonly Ear[]>();
  const followersOf = (room: string): readonly Ear[] => rooms.get(room) ?? [];
  return {
    publish(room, lines) {
      for (const { of } of followersOf(room)) of.heard(lines);
      return ok(undefined);
    },
    to(room, name, letter) {
      for (const { of } of followersOf(room)) {
        const handed = of.letter(name, letter);
        if (handed !== "nobody") return handed === "full" ? FULL : TAKEN;
      }
      return NOBODY;
    },
    follow(room, follower) {
      const mine: Ear = { of: follower };
      rooms.set(room, [...followersOf(room), mine]);
      return ok(() => {
        const left = followersOf(room).filter((other) => other !== mine);
        if (left.length > 0) rooms.set(room, left);
        else rooms.delete(room);
      });
    },
  };
}
