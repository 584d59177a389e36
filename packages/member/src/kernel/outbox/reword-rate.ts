// How often a member may put otherwise what it said of an event: words that change no state, only its reason.
import type { Clock } from "@agora/ports";

/** So many at once from one sender, then so many a second. */
const WORDS = { burst: 100, perSecond: 5 };
const MAX_SENDERS = 1_000;

/** Each word is a line of the journal: nobody may write as many as it likes. Gives whether this one may, and counts it. */
export function createRewordRate(clock: Pick<Clock, "steady">): (from: string) => boolean {
  const words = new Map<string, { tokens: number; at: number }>();
  return (from) => {
    const now = clock.steady();
    const bucket = words.get(from) ?? { tokens: WORDS.burst, at: now };
    bucket.tokens = Math.min(WORDS.burst, bucket.tokens + ((now - bucket.at) / 1000) * WORDS.perSecond);
    bucket.at = now;
    words.set(from, bucket);
    if (words.size > MAX_SENDERS) words.delete(words.keys().next().value!);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
