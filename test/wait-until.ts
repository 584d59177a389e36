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

/** Looks again and again, less often the longer it takes, until there is something; throws what was waited for. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * GROWTH, LONGEST_PAUSE_MS)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited ${PATIENCE_MS} ms in vain for ${what}`);
    await sleep(pause);
  }
}
