// How long to wait before dialling again. A few lines of our own instead of a library, because the session is a pure
// function: chance is an argument.
import type { Retry } from "@agora/protocol";

const FIRST_MS = 250;
/** When the relay returns, everybody is back within ten seconds, however long it was away. */
const MOST_MS = 8_000;
const LATER_MS = 30_000;
const MOST_LATER_MS = 300_000;

/**
 * Exponential backoff with full jitter in the upper half: attempt 1 waits 0.125 to 0.25 s, later ones up to 8 s; for
 * `later`, 15 s up to 5 min. It never gives up: a laptop may sleep for a weekend.
 *
 * @param chance a number in [0, 1)
 */
export function backoffMs(attempt: number, retry: Exclude<Retry, "never">, chance: number): number {
  const [first, most] = retry === "yes" ? [FIRST_MS, MOST_MS] : [LATER_MS, MOST_LATER_MS];
  const ceiling = Math.min(most, first * 2 ** Math.min(attempt - 1, 20));
  return Math.round(ceiling / 2 + (ceiling / 2) * chance);
}
