// Every limit of the local language, with its unit in its name.

/** The version of this language; both sides must speak the same one. Package versions may differ. */
export const IPC_VERSION = 1;

/** The longest line before a side has proven itself. */
export const MAX_GREETING_BYTES = 8 * 1024;
/** One request: a text of 1 MiB with every byte escaped, plus its envelope. */
export const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
/** One answer: history with long texts. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** What may be queued for a client that doesn't read: one longest answer and some pushes. */
export const MAX_UNSENT_BYTES = MAX_ANSWER_BYTES + 8 * 1024 * 1024;
/** Unanswered requests of one client. */
export const MAX_IN_FLIGHT = 256;
/** Clients of one daemon. */
export const MAX_SESSIONS = 512;

/** From the connection to a good proof, on both sides. */
export const GREETING_TIMEOUT_MS = 5_000;
/** A request's deadline, unless its caller sets one. */
export const REQUEST_TIMEOUT_MS = 10_000;
/** From the launch of a daemon until it answers. */
export const LAUNCH_TIMEOUT_MS = 15_000;
/** How long running requests may take to finish before a hand-over. */
export const DRAIN_MS = 10_000;
/** From asking for a hand-over until the older daemon has left. */
export const HAND_OVER_TIMEOUT_MS = 15_000;
/** How long a client waits for a newer daemon before it settles for the older one. */
export const RENEW_TIMEOUT_MS = 6_000;
/** After one left for its successor, nobody else launches one for this long. */
export const GAP_MS = 3_000;
/** After a successor failed to take over, the older daemon is left alone for this long. */
export const STAYED_MS = 60_000;
/** Between two checks that the socket is still this daemon's. */
export const PLACE_CHECK_MS = 1_000;
/** How long a daemon may take to accept a connection and still count as alive. */
export const DIAL_TIMEOUT_MS = 2_000;
