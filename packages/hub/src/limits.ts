// Every limit of the hub, with its unit.

/** How often it looks at the list of projects and dials daemons that were away, while somebody watches. */
export const LOOK_MS = 2_000;
/** How long rooms stay watched after the last one who asked. */
export const LINGER_MS = 60_000;
/** Rooms it watches. */
export const MAX_ROOMS = 100;
/** How often it asks itself whether it is still needed. */
export const NEEDED_MS = 5_000;
/** It leaves when no page was connected and no browser may come back for this long. */
export const IDLE_MS = 5 * 60_000;
/** It leaves when no page was connected for this long, though a browser may come back. */
export const UNSEEN_MS = 12 * 3_600_000;
/** For a daemon's answer. */
export const ASK_MS = 5_000;
/** The largest file of a room whose limits aren't known yet, bytes. */
export const USUAL_FILE_BYTES = 100 * 1024 * 1024;
