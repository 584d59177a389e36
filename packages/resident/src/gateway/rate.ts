// Token buckets per caller: a bounded number of callers is remembered, and the one not seen for longest is forgotten first.
import type { Clock } from "@agora/ports";
import { MAX_RATED } from "../limits.ts";

export interface RateLimit {
  /** Takes one; returns 0, or the milliseconds until there is one. */
  take(caller: string): number;
}

/** Creates buckets that hold `burst` and gain `perSecond`. */
export function createRateLimit(rate: { readonly burst: number; readonly perSecond: number }, clock: Clock): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const bucketOf = (caller: string): { tokens: number; at: number } => {
    const now = clock.steady();
    const bucket = buckets.get(caller) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1_000) * rate.perSecond);
    bucket.at = now;
    return bucket;
  };
  const waitOf = (tokens: number): number => (tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / rate.perSecond) * 1_000));
  return {
    take(caller) {
      const bucket = bucketOf(caller);
      buckets.delete(caller);
      buckets.set(caller, bucket);
      if (buckets.size > MAX_RATED) buckets.delete(buckets.keys().next().value!);
      const wait = waitOf(bucket.tokens);
      if (wait === 0) bucket.tokens -= 1;
      return wait;
    },
  };
}
