// Waiting for what happens in its own time. One bound for all: only what is really broken reaches it, however slow or busy the
// machine is; so no test fails by the clock alone, and none is tried twice.
import { setTimeout as sleep } from "node:timers/promises";

/** How long a test waits for one thing, milliseconds. */
export const PATIENCE_MS = 60_000;
/** How long a test, or what goes before and after it, may take: longer than one wait, which then says what was missing. */
export const TEST_MS = 5 * PATIENCE_MS;

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;
const GROWTH = 1.5;

/**
 * Looks again and again, less often the longer it takes, until there is something. A look that throws has found nothing yet: a
 * file that is being replaced is away for a moment. In the end throws what was waited for, what was `seen`, and the last
 * look's error as the cause.
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { patienceMs = PATIENCE_MS, seen = () => "" }: { patienceMs?: number; seen?: () => string | Promise<string> } = {},
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * GROWTH, LONGEST_PAUSE_MS)) {
    const began = performance.now();
    let cause: unknown;
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      cause = error;
    }
    const now = performance.now();
    if (now > end) throw new Error(`waited ${patienceMs} ms in vain for ${what}\n${await seen()}`.trimEnd(), { cause });
    // A look may be a command: half of the time is left to what is waited for.
    await sleep(Math.max(pause, now - began));
  }
}
