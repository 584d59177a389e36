// How much one key may cost by joining: the joins themselves, and the events of the ring that are sent again. A join of 150
// bytes is answered with the room's list and up to a whole ring.
import type { Clock } from "@agora/ports";
import type { Rate } from "@agora/protocol";
import { TokenBucket } from "./rate-limit.ts";

/** A client with many rooms joins them all whenever it reconnects. */
const JOINS: Rate = { burst: 100, perSecond: 2 };
/** Bytes sent again, counted in kilobytes. */
const CATCH_UP_KB: Rate = { burst: 16 * 1024, perSecond: 512 };
/** For a key that was never let in before, bytes: it gets the past by healing. */
const STRANGERS_BYTES = 1024 * 1024;
/** Keys remembered; beyond that, those idle for longest are forgotten. */
const MAX_KEYS = 10_000;

interface Buckets {
  readonly joins: TokenBucket;
  readonly catchUp: TokenBucket;
}

/** The buckets of all keys. */
export class JoinRate {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Buckets>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a join; returns the milliseconds to wait, or 0. */
  take(key: string): number {
    return this.#of(key).joins.take(this.#clock.steady());
  }

  /** Whether this many bytes may be sent again to a key now; if so, they are counted. */
  mayCatchUp(key: string, bytes: number, isKnown: boolean): boolean {
    if (!isKnown && bytes > STRANGERS_BYTES) return false;
    return this.#of(key).catchUp.take(this.#clock.steady(), Math.ceil(bytes / 1024)) === 0;
  }

  #of(key: string): Buckets {
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      // The most recently used is last, so the first is the one to forget.
      this.#buckets.delete(key);
      this.#buckets.set(key, known);
      return known;
    }
    const now = this.#clock.steady();
    const made = { joins: new TokenBucket(JOINS, now), catchUp: new TokenBucket(CATCH_UP_KB, now) };
    if (this.#buckets.size >= MAX_KEYS) this.#buckets.delete(this.#buckets.keys().next().value!);
    this.#buckets.set(key, made);
    return made;
  }
}
