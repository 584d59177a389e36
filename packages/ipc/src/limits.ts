// Every number of the local language, with its unit in its name.

/** The version of this language; both sides must speak the same. The package's version may differ. */
export const IPC_VERSION = 1;

/** Before a side has proven itself, a line can't be longer. */
export const MAX_GREETING_BYTES = 8 * 1024;
/** One request: a text of 1 MiB whose every byte is escaped, and its envelope. */
export const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
/** One answer: history with long texts. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** What may wait for a client that doesn't read, before anything more is written to it: one longest answer and some pushes. */
export const MAX_UNSENT_BYTES = MAX_ANSWER_BYTES + 8 * 1024 * 1024;
/** Requests of one client that may be waiting for their answers. */
export const MAX_IN_FLIGHT = 256;
/** Clients of one daemon. */
export const MAX_SESSIONS = 512;

/** From the connection to a good proof, on both sides. */
export const GREETING_TIMEOUT_MS = 5_000;
/** A request's own deadline unless its caller gives one. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** From the launch of a daemon until it answers. */
export const LAUNCH_TIMEOUT_MS = 15_000;
/** What was begun before a hand-over may take this long to end. */
export const DRAIN_MS = 10_000;
/** From the question to hand over until the older daemon has left. */
export const HAND_OVER_TIMEOUT_MS = 15_000;
/** What a client waits for a newer daemon before it goes on with the older one. */
export const RENEW_TIMEOUT_MS = 6_000;
/** After one left for its successor, nobody else launches one for so long. */
export const GAP_MS = 3_000;
/** After a successor could not take over, the older daemon is left alone for so long. */
export const STAYED_MS = 60_000;
/** Between two looks whether the socket is still this daemon's. */
export const PLACE_CHECK_MS = 1_000;
/** Whether a daemon that accepts connections is alive: it must at least be listening within this time. */
export const DIAL_TIMEOUT_MS = 2_000;
