// What a relay says of its limits, as far as this member goes by it. Whoever stands between may have changed them, since the relay's
// proof doesn't cover them: whatever they say, a member neither hangs, nor holds much, nor gives away more than a bounded past.
import type { Limits } from "@agora/protocol";

const CHUNK_BYTES = { least: 1024, most: 1024 * 1024 };
const MOST_HISTORY = 10_000;

/** The limits to go by. [LIMIT-2] */
export function believedLimits(told: Limits): Limits {
  return {
    ...told,
    chunkBytes: Math.min(CHUNK_BYTES.most, Math.max(CHUNK_BYTES.least, told.chunkBytes)),
    history: Math.min(MOST_HISTORY, Math.max(0, told.history)),
  };
}
