// Every limit on what a browser stores, with its unit.

const MIB = 1024 * 1024;

/** How much of the room's history is kept, characters; the oldest goes first. */
export const HISTORY_CHARS = 24 * MIB;
/** The largest file that is sent or accepted. */
export const MAX_FILE_BYTES = 100 * MIB;
/** The space for received files, and for copies of sent ones. */
export const MAX_FILES_BYTES = 500 * MIB;
