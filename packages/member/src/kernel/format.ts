// The version of what a member keeps of its room, on whatever it keeps it; formats.ts says when it rises.

/** What this code writes. */
export const FORMAT = 1;
