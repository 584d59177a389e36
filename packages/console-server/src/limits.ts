// Every limit of the console's server, with its unit.

/** How long a code that opens the console is valid. */
export const CODE_MS = 2 * 60_000;
/** Unused codes. */
export const MAX_CODES = 20;
/** How long a browser stays admitted after it was last seen. */
export const ADMITTED_MS = 30 * 24 * 3_600_000;
/** Browsers admitted at once. */
export const MAX_ADMITTED = 20;
/** Pages connected at once. */
export const MAX_PAGES = 32;
/** One request from a page. */
export const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
/** What may be queued for a page that doesn't read. */
export const MAX_UNSENT_BYTES = 64 * 1024 * 1024;
/** Unanswered requests of one page. */
export const MAX_IN_FLIGHT = 64;
/** The body of the request that exchanges a code for a cookie. */
export const MAX_CODE_BYTES = 1_024;
/** An upload that no message has used is removed after this. */
export const UPLOAD_KEPT_MS = 10 * 60_000;
/** Uploads of all pages that are waiting for their message. */
export const MAX_UPLOADS = 20;
/** Between two pings of a page. */
export const PING_MS = 25_000;
/** How long pages' requests may take to finish when the console closes. */
export const IDLE_MS = 3_000;
/** A page's request, which may copy a large file. */
export const REQUEST_MS = 60_000;
/** What fits into a close frame beside its code. */
export const MAX_CLOSE_REASON_BYTES = 123;
