// One editor at a time for a file that several processes change.
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
  const { lock } = await import("proper-lockfile");
  let release: () => Promise<void>;
  try {
    // Compromised means that we stalled for longer than STALE_MS; the edit itself is atomic, so nothing breaks.
    release = await lock(path, { realpath: false, stale: STALE_MS, retries: RETRIES, onCompromised: () => undefined });
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
