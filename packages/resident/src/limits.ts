// Every limit of the resident and its gateway, with its unit. Those that people can change are in `options.ts` too.

/** Members of one room that live here, unless `--max-members` says otherwise: each takes a place in the room. */
export const MAX_MEMBERS = 25;
/** A member unused for this long leaves the room, unless `--idle` says otherwise. */
export const IDLE_MS = 7 * 24 * 3_600_000;
/** The size a gateway member's own history may reach before its oldest part is dropped, bytes. */
export const KEEP_BYTES = 64 * 1024 * 1024;
/** Between two searches for idle members and for histories that are too long. */
export const CARE_EVERY_MS = 60_000;
/** Between two checks that the tokens of open streams are still valid. */
export const REVOKED_EVERY_MS = 3_000;

/** How long a member's first request waits for it to join. */
export const JOIN_WAIT_MS = 5_000;
/** A seat unused for this long is shown as not connected. */
export const SEAT_QUIET_MS = 120_000;
/** How old a mention in an agent's mailbox may be. */
export const MAILBOX_AGE_MS = 30 * 24 * 3_600_000;

/** The body of one request, bytes: a text of 1 MiB, escaped, fits twice over. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** A bearer token, characters. */
export const MAX_BEARER_CHARS = 4_096;
/** Connections of the HTTP server, and how many of them may be streams or waits: in all, and of one member. */
export const MAX_CONNECTIONS = 1_024;
export const MAX_STREAMS = 512;
export const MAX_STREAMS_PER_MEMBER = 16;
/** MCP sessions: in all, and of one member. */
export const MAX_SESSIONS = 256;
export const MAX_SESSIONS_PER_MEMBER = 16;
/** An MCP session without a request and without a stream ends after this. */
export const SESSION_IDLE_MS = 30 * 60_000;
/**
 * What a stream may queue for a reader that doesn't take it, bytes. No more of the room's lines are read from disk until it
 * does; an MCP stream, which only carries counts, is closed.
 */
export const MAX_UNREAD_BYTES = 1024 * 1024;
/** How often a comment is sent on a quiet stream, so that proxies keep it open. */
export const KEEP_ALIVE_MS = 15_000;
/** Timeouts of a request's head, its body, and a quiet keep-alive connection. */
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 30_000;
export const KEPT_ALIVE_MS = 10_000;
/** The longest long poll, seconds, and the default. */
export const MAX_WAIT_S = 300;
export const DEFAULT_WAIT_S = 30;
/** Lines or items in one response: at most, and by default. */
export const MAX_LINES = 500;
export const DEFAULT_LINES = 50;

/** Requests of one member: a burst, then a number per second. */
export const MEMBER_RATE = { burst: 60, perSecond: 10 } as const;
/** Refused tokens from one address: a burst, then a number per second. */
export const REFUSED_RATE = { burst: 20, perSecond: 0.2 } as const;
/** Callers whose rate is remembered. */
export const MAX_RATED = 10_000;

/** How long running requests get when the resident stops. */
export const STOP_MS = 3_000;
/** How long `--detach` waits for the resident to answer. */
export const DETACH_MS = 15_000;
