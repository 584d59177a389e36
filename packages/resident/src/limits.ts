// Every number of the resident and its gateway, with its unit. What people set otherwise stands in `options.ts` as well.

/** Members of one room that live here, unless `--max-members` says otherwise: each takes a place in the room. */
export const MAX_MEMBERS = 25;
/** A member nobody used for so long leaves the room, unless `--idle` says otherwise. */
export const IDLE_MS = 7 * 24 * 3_600_000;
/** What a gateway member's own history may take before its oldest part goes, bytes. */
export const KEEP_BYTES = 64 * 1024 * 1024;
/** Between two looks for members that are idle, histories that are too long. */
export const CARE_EVERY_MS = 60_000;
/** Between two looks whether the tokens behind open streams still count. */
export const REVOKED_EVERY_MS = 3_000;

/** How long a member's first request waits until it has joined. */
export const JOIN_WAIT_MS = 5_000;
/** A seat nobody used for so long shows as not connected. */
export const SEAT_QUIET_MS = 120_000;
/** After so long without anything handed, what a member says begins a new chain. */
export const CHAIN_REST_MS = 10 * 60_000;
/** How old a mention may be when an agent's mailbox is looked into. */
export const MAILBOX_AGE_MS = 30 * 24 * 3_600_000;

/** The body of one request, bytes: a text of 1 MiB, escaped, fits twice over. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** A bearer word, characters. */
export const MAX_BEARER_CHARS = 4_096;
/** Connections of the HTTP server, and those of them that are streams or waits: all, and of one member. */
export const MAX_CONNECTIONS = 1_024;
export const MAX_STREAMS = 512;
export const MAX_STREAMS_PER_MEMBER = 16;
/** MCP sessions: all, and of one member. */
export const MAX_SESSIONS = 256;
export const MAX_SESSIONS_PER_MEMBER = 16;
/** An MCP session without a request and without a stream ends after this. */
export const SESSION_IDLE_MS = 30 * 60_000;
/**
 * What a stream holds for a reader that does not take it, bytes. Of the room's lines no more is read from the disk until it
 * does; a stream of MCP, which carries counts alone, is closed.
 */
export const MAX_UNREAD_BYTES = 1024 * 1024;
/** A comment goes down a quiet stream this often, so that proxies keep it. */
export const KEEP_ALIVE_MS = 15_000;
/** The head of a request, its body, and a quiet kept-alive connection. */
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 30_000;
export const KEPT_ALIVE_MS = 10_000;
/** The longest long poll, seconds, and the one nobody asked for. */
export const MAX_WAIT_S = 300;
export const DEFAULT_WAIT_S = 30;
/** Lines or items in one answer: at most, and by default. */
export const MAX_LINES = 500;
export const DEFAULT_LINES = 50;
/** Text bytes in one answer that goes on elsewhere. */
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Requests of one member: so many at once, then so many a second. */
export const MEMBER_RATE = { burst: 60, perSecond: 10 } as const;
/** Refused bearers of one address: so many at once, then so many a second. */
export const REFUSED_RATE = { burst: 20, perSecond: 0.2 } as const;
/** Callers whose rate is remembered. */
export const MAX_RATED = 10_000;

/** What is under way gets this long when the resident stops. */
export const STOP_MS = 3_000;
/** `--detach` waits so long until the resident answers. */
export const DETACH_MS = 15_000;
