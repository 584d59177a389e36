// Every number of the console's server, with its unit.

/** A code that opens the console is good for so long. */
export const CODE_MS = 2 * 60_000;
/** Codes that wait for their use. */
export const MAX_CODES = 20;
/** A browser that was let in stays so for so long after it was last seen. */
export const ADMITTED_MS = 30 * 24 * 3_600_000;
/** Browsers that are let in at once. */
export const MAX_ADMITTED = 20;
/** Pages that are connected at once. */
export const MAX_PAGES = 32;
/** One request of a page. */
export const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
/** What may wait for a page that doesn't read. */
export const MAX_UNSENT_BYTES = 64 * 1024 * 1024;
/** Requests of one page that may be waiting for their answers. */
export const MAX_IN_FLIGHT = 64;
/** The body of the request that changes a code into a cookie. */
export const MAX_CODE_BYTES = 1_024;
/** Between two looks whether what pages show has changed, and after something that changes it for sure. */
export const LOOK_MS = 1_000;
export const LOOK_SOON_MS = 30;
/** An upload that no message took is removed after this. */
export const UPLOAD_KEPT_MS = 10 * 60_000;
/** Uploads of all pages that wait for their message. */
export const MAX_UPLOADS = 20;
/** Between two pings of a page. */
export const PING_MS = 25_000;
/** What pages asked may take this long to end when the console closes. */
export const IDLE_MS = 3_000;
