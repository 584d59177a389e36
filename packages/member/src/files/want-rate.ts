// How often a member may ask for files: beyond it a `want` is passed over, so that endless ones cost nothing.
import type { Clock } from "@agora/ports";
import { WANT_BURST, WANT_REFILL_MS } from "./limits.ts";

const MAX_MEMBERS = 500;

/** Creates the check: whether a member's `want` is answered now. */
export function createWantRate(clock: Clock): (member: string) => boolean {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (member) => {
    const now = clock.steady();
    const bucket = buckets.get(member) ?? { tokens: WANT_BURST, at: now };
    bucket.tokens = Math.min(WANT_BURST, bucket.tokens + (now - bucket.at) / WANT_REFILL_MS);
    bucket.at = now;
    buckets.delete(member);
    buckets.set(member, bucket);
    if (buckets.size > MAX_MEMBERS) buckets.delete(buckets.keys().next().value!);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
