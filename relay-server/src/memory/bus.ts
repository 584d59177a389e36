// The bus of a relay that stands alone: whoever is told hears it in the same turn.
import { ok } from "@agora/protocol";
import type { Bus, BusFollower } from "../ports/bus.ts";

const NOBODY = ok("nobody" as const);
const FULL = ok("full" as const);
const TAKEN = ok("taken" as const);

interface Ear {
  readonly of: BusFollower;
}

/** Makes a bus in memory; it answers at once. */
export function memoryBus(): Bus {
  // Each list is made anew when one comes or goes, so that it can be walked while that happens.
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
