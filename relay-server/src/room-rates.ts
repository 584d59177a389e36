// The rate buckets of a room's members: by key, so that reconnecting doesn't refill them.
import type { Clock } from "@agora/ports";
import type { Rate, Role } from "@agora/protocol";
import { TokenBucket } from "./rate-limit.ts";

/** Deliveries by one member: a backlog at once, but no way around the rates of posting. [DELIVER-4] */
const DELIVERIES: Rate = { burst: 12_000, perSecond: 2_000 };
/** Keys kept besides those of members. */
const SPARE_KEYS = 64;

/** What a bucket counts. */
export type Counted = Role | "deliver" | "control";

interface Buckets {
  readonly agent: TokenBucket;
  readonly user: TokenBucket;
  readonly deliver: TokenBucket;
  /** An operator's controls: no rate set by an operator may keep it from setting another. */
  readonly control: TokenBucket;
  /** What an operator had set for this key when the buckets were created; other rates need new buckets. */
  readonly set: Rate | undefined;
}

/** The buckets of all keys that are, or recently were, in a room. */
export class RoomRates {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Buckets>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A key's bucket for one kind of act: with the relay's `rate`, or the one an operator has `set`. `members` is how many are
   * in the room: far beyond that number, full buckets are forgotten. [RATE-1] [CONTROL-9]
   */
  bucket(
    key: string,
    what: Counted,
    rate: { readonly agent: Rate; readonly user: Rate },
    set: Rate | undefined,
    members: number,
  ): TokenBucket {
    const now = this.#clock.steady();
    let buckets = this.#buckets.get(key);
    if (buckets === undefined || buckets.set !== set) {
      if (this.#buckets.size > 2 * members + SPARE_KEYS) this.#forgetFull(now);
      buckets = {
        agent: new TokenBucket(set ?? rate.agent, now),
        user: new TokenBucket(set ?? rate.user, now),
        control: buckets?.control ?? new TokenBucket(rate.user, now),
        set,
        deliver: buckets?.deliver ?? new TokenBucket(rate.agent.burst === 0 ? rate.agent : DELIVERIES, now),
      };
      this.#buckets.set(key, buckets);
    }
    return buckets[what];
  }

  #forgetFull(now: number): void {
    for (const [key, { agent, user, deliver, control }] of this.#buckets) {
      if ([agent, user, deliver, control].every((bucket) => bucket.isFull(now))) this.#buckets.delete(key);
    }
  }
}
