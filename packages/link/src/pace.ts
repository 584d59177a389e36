// A copy of the relay's token bucket on our side: an event waits here for a known time instead of being refused there.
import type { Limits, Role } from "@agora/protocol";

/** Tells when the next event of a role may be sent. */
export interface Pace {
  /** Takes a token; returns 0, or the milliseconds to wait before trying again. */
  take(role: Role): number;
  /** The relay refused because of the rate: send nothing of this role until `ms` have passed. */
  hold(role: Role, ms: number): void;
}

/** Creates a pace for the relay's limits. A burst of 0 means no limit. */
export function createPace(limits: Limits["rate"], steady: () => number): Pace {
  const start = steady();
  const buckets = {
    agent: { tokens: limits.agent.burst, at: start, until: 0 },
    user: { tokens: limits.user.burst, at: start, until: 0 },
  };
  return {
    take(role) {
      const rate = limits[role];
      const bucket = buckets[role];
      const now = steady();
      if (now < bucket.until) return bucket.until - now;
      if (rate.burst === 0) return 0;
      bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond);
      bucket.at = now;
      if (bucket.tokens < 1)
        return rate.perSecond > 0 ? Math.ceil(((1 - bucket.tokens) / rate.perSecond) * 1000) : 1000;
      bucket.tokens -= 1;
      return 0;
    },
    hold(role, ms) {
      buckets[role].until = steady() + ms;
      buckets[role].tokens = 0;
      buckets[role].at = steady();
    },
  };
}
