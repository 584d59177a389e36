// How much of a room's past is kept on a disk: all of it, where the settings don't bound it.
import type { Settings } from "@agora/user-config";

/** Bounds of a history. What is still open is kept beyond them, and so is what the checkpoint holds. */
export interface Retention {
  readonly maxBytes?: number;
  readonly maxAgeMs?: number;
}

const DAY_MS = 24 * 3_600_000;

/** The bounds that the settings name. */
export function retentionOf({
  historyMaxBytes,
  historyMaxAgeDays,
}: Pick<Settings, "historyMaxBytes" | "historyMaxAgeDays">): Retention {
  return {
    ...(historyMaxBytes === undefined ? {} : { maxBytes: historyMaxBytes }),
    ...(historyMaxAgeDays === undefined ? {} : { maxAgeMs: historyMaxAgeDays * DAY_MS }),
  };
}
