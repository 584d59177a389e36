// One editor at a time for a file that several processes change.
import { rmSync, statSync } from "node:fs";
import type { Result } from "@agora/protocol";
import { diskFailure, errorWord } from "./disk-failure.ts";
import { fail } from "./result.ts";

/** A lock whose holder died is taken over after this time; it is longer than any edit takes. */
const STALE_MS = 5_000;
/** In total, waits somewhat longer than STALE_MS. */
const RETRIES = { retries: 120, factor: 1.2, minTimeout: 5, maxTimeout: 60, randomize: true };

/** Runs `edit` while this process alone holds the lock of `path` (a folder `<path>.lock` beside it). */
export async function withLock<T, Code extends string>(
  path: string,
  edit: () => Promise<Result<T, Code>>,
): Promise<Result<T, Code | "disk">> {
  let release: () => Promise<void>;
  try {
    release = await acquire(path);
  } catch (error) {
    if (errorWord(error) !== "ELOCKED") return diskFailure(path, error);
    return fail("disk", `${path} is being changed by another process: try again in a moment.`);
  }
  try {
    return await edit();
  } finally {
    await release().catch(() => undefined);
  }
}

async function acquire(path: string): Promise<() => Promise<void>> {
  const { lock } = await import("proper-lockfile");
  // Compromised means that we stalled for longer than STALE_MS; the edit itself is atomic, so nothing breaks.
  const take = (): Promise<() => Promise<void>> =>
    lock(path, { realpath: false, stale: STALE_MS, retries: RETRIES, onCompromised: () => undefined });
  const before = touchedAt(path);
  try {
    return await take();
  } catch (error) {
    if (errorWord(error) !== "ELOCKED" || before === undefined || !isDeadAhead(path, before)) throw error;
    rmSync(`${path}.lock`, { recursive: true, force: true });
    return await take();
  }
}

/**
 * A lock whose time is ahead of our clock would count as held until that time. A living holder touches it several times while
 * we wait; one that died while a clock was wrong, or on a machine with another clock, does not.
 */
function isDeadAhead(path: string, before: number): boolean {
  return before > Date.now() && touchedAt(path) === before;
}

/** When the lock was last touched, by whatever clock; undefined: there is none. */
function touchedAt(path: string): number | undefined {
  return statSync(`${path}.lock`, { throwIfNoEntry: false })?.mtimeMs;
}
