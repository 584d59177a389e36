// The relay's token bucket, kept on our own side too: an event waits here with a known time instead of being refused there.
import type { Limits, Role } from "@agora/protocol";

/** Says when the next event of a role may be sent. */
export interface Pace {
  /** Takes a token; gives 0, or the milliseconds to wait before asking again. */
  take(role: Role): number;
  /** The relay refused for the rate: nothing of this role before `ms` are over. */
  hold(role: Role, ms: number): void;
}

/** Makes a pace for the limits that the relay told. A burst of 0 means no limit. */
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
