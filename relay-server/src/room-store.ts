// What a relay must remember of its rooms, as a port: the stamped events and who holds which name. Here is the form in
// memory, which answers at once; a form that several relay nodes share answers later, so answers are given to a callback.
import { type Clock, type Cancel } from "@agora/ports";
import { compareStamps, MAX_STAMP_LEAD_MS, stampParts } from "@agora/protocol";
import type { RingBudget } from "./ring-budget.ts";
import { Ring, type RingLimits, type RoomEvent, type StampedEvent } from "./ring.ts";

/** What is known of a room's past. */
export interface Past {
  readonly last: string;
  /** Some of what came after the stamp asked for may be missing here. [JOIN-3] */
  readonly gap: boolean;
  readonly events: readonly StampedEvent[];
}

export interface RoomStore {
  /** Gives events their stamps and tells the caller, then the followers of the room. */
  append(room: string, events: readonly RoomEvent[], done: (stamps: readonly string[]) => void): void;
  /** The stamp of an event that is still remembered. */
  stampOf(room: string, key: string, id: string): string | undefined;
  /** The events after a stamp that a member has seen, which also pushes the room's highest stamp up to it. */
  read(room: string, after: string | undefined, done: (past: Past) => void): void;
  /** Hears of every event that gets a stamp in the room. */
  follow(room: string, heard: (event: StampedEvent) => void): Cancel;
  /** Takes a name for a key, or renews it, for `ttlMs`; gives the key that holds it then. [JOIN-4] */
  claim(room: string, name: string, key: string, ttlMs: number): Promise<string>;
  /** Gives a name back, when this key holds it. */
  release(room: string, name: string, key: string): void;
  /** Forgets all of a room. */
  forget(room: string): void;
}

interface Kept {
  readonly ring: Ring;
  readonly claims: Map<string, { readonly key: string; readonly until: number }>;
  follower: ((event: StampedEvent) => void) | undefined;
}

/** The store of a relay that stands alone: everything in memory, nothing outlives the process. */
export function memoryRoomStore(limits: RingLimits, clock: Clock, budget?: RingBudget): RoomStore {
  const rooms = new Map<string, Kept>();
  const open = (room: string): Kept => {
    let kept = rooms.get(room);
    if (kept === undefined) {
      kept = { ring: new Ring(limits, clock.now(), budget), claims: new Map(), follower: undefined };
      rooms.set(room, kept);
    }
    return kept;
  };
  return {
    append(room, events, done) {
      const { ring, follower } = open(room);
      const stamped = events.map((event) => ring.append(event, clock.now()));
      // The author first: it enters the turn's writes before its readers, and sends on while they are written to.
      done(stamped.map((event) => event.stamp));
      if (follower !== undefined) for (const event of stamped) follower(event);
    },
    stampOf: (room, key, id) => rooms.get(room)?.ring.stampOf(key, id),
    read(room, after, done) {
      const { ring } = open(room);
      if (after === undefined) return done({ last: ring.last, gap: false, events: [] });
      // Above the last one: it was stamped in another life of this relay, with another clock. [JOIN-3]
      const isForeign = compareStamps(after, ring.last) > 0;
      const past = { gap: isForeign || compareStamps(after, ring.floor) < 0, events: ring.after(after) };
      const highest = clock.now() + MAX_STAMP_LEAD_MS;
      ring.raise(stampParts(after)[0] > highest ? `${highest}-0` : after); // [STAMP-3]
      done({ last: ring.last, ...past });
    },
    follow(room, heard) {
      const kept = open(room);
      kept.follower = heard;
      return () => {
        kept.follower = undefined;
      };
    },
    claim(room, name, key, ttlMs) {
      const { claims } = open(room);
      const held = claims.get(name);
      if (held !== undefined && held.key !== key && held.until > clock.steady()) return Promise.resolve(held.key);
      claims.set(name, { key, until: clock.steady() + ttlMs });
      return Promise.resolve(key);
    },
    release(room, name, key) {
      const claims = rooms.get(room)?.claims;
      if (claims?.get(name)?.key === key) claims.delete(name);
    },
    forget(room) {
      const kept = rooms.get(room);
      if (kept !== undefined) budget?.gone(kept.ring);
      rooms.delete(room);
    },
  };
}
