// Token buckets: a `burst` at once, then `perSecond`. Time is an argument.
import type { Rate } from "@agora/protocol";

// Sums of fractions miss whole numbers by a little: a client that waits as long as told must find a token.
const ROUNDING = 1e-6;

/** One bucket; a burst of 0 means no limit. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Takes tokens and returns 0, or leaves the bucket alone and returns the milliseconds until there are enough. */
  take(now: number, count = 1): number {
    const { burst, perSecond } = this.#rate;
    if (burst === 0) return 0;
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#at) / 1000) * perSecond);
    this.#at = now;
    const missing = count - this.#tokens;
    if (missing <= ROUNDING) {
      this.#tokens -= count;
      return 0;
    }
    return Math.max(1, Math.ceil((missing / perSecond) * 1000 - ROUNDING));
  }

  /** Whether this bucket is as full as a new one, so that it may be forgotten. */
  isFull(now: number): boolean {
    return this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.#rate.perSecond >= this.#rate.burst;
  }
}
