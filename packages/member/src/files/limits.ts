// Every number of the files, with its unit. What a person may set otherwise is in the settings.

const MIB = 1024 * 1024;

/** Offers up to this size are fetched without asking; a setting (`autoFileBytes`). */
export const AUTO_FILE_BYTES = 25 * MIB;
/** Received files may take so much in one project, and so may the copies of sent ones; a setting (`fileQuotaBytes`). */
export const FILE_QUOTA_BYTES = 2 * 1024 * MIB;
/** How long the copy of a file that was offered is kept for those who have not fetched it, milliseconds. */
export const COPY_KEPT_MS = 30 * 24 * 3_600_000;

/** Transfers to others at once, and to one member. */
export const MAX_SENDING = 24;
export const MAX_SENDING_TO_ONE = 6;
/** Without an acknowledgement for this long a transfer ends; its receiver may ask again. */
export const SENDING_IDLE_MS = 60_000;
/** While more than this is unsent, chunks wait: a message said meanwhile must not wait long behind them. */
export const UNSENT_BYTES = 128 * 1024;
/** Chunks read from the disk at once. */
export const READ_CHUNKS = 4;
/** `want` steps of one member that are answered: so many at once, then one in so many milliseconds. */
export const WANT_BURST = 16;
export const WANT_REFILL_MS = 1_000;

/** Transfers from others at once, and from one member. */
export const MAX_FETCHING = 6;
export const MAX_FETCHING_FROM_ONE = 3;
/** Without a chunk for this long the author is asked again; after so many times the file waits. */
export const STALL_MS = 5_000;
export const MAX_ASKED = 4;
/** A transfer whose author is away keeps its place this long. */
export const PAUSED_MS = 60_000;
/** How soon a file is tried again, milliseconds: the author was busy; no answer; the disk or the quota was full. */
export const BUSY_RETRY_MS = 2_000;
export const SILENT_RETRY_MS = 60_000;
export const FULL_RETRY_MS = 5_000;
/** What arrived is acknowledged at the latest after so many chunks. */
export const ACK_CHUNKS = 2;
/** Bytes that wait for the disk, per transfer; a sender within its window never has more under way. */
export const MAX_PENDING_CHUNKS = 64;
/** Bytes between two syncs of a file that comes in, so that the last one is short. */
export const SYNC_EVERY_BYTES = 8 * MIB;

/** Between two words on the progress of one transfer, milliseconds. */
export const PROGRESS_MS = 200;
