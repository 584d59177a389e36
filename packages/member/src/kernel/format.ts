// The version of what a member keeps of its room, on whatever it keeps it; formats.ts says when it rises.

/** What this code writes: since 2, an item of the inbox names its `handler`, which was its `lease` before. */
export const FORMAT = 2;
/** The earlier ones that it reads: each slice's `adopt` brings them up to date. */
export const EARLIER_FORMATS: readonly number[] = [1];
