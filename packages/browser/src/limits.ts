// Every number of what a browser keeps, with its unit.

const MIB = 1024 * 1024;

/** Characters of the room's history that are kept; the oldest go first. */
export const HISTORY_CHARS = 24 * MIB;
/** The largest file that is sent or taken. */
export const MAX_FILE_BYTES = 100 * MIB;
/** What received files may take, and what copies of sent ones may. */
export const MAX_FILES_BYTES = 500 * MIB;
