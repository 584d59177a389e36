// Every number of the wire, with its unit in its name. A relay may change the first group and says so in `welcome`.

/** What a relay tells its members in `welcome`; each is one of its settings. [LIMIT-1] */
export interface Limits {
  /** Members of a room. */
  readonly members: number;
  /** One WebSocket message, bytes. */
  readonly frameBytes: number;
  /** The text of one message, UTF-8 bytes. */
  readonly textBytes: number;
  /** One file, bytes. */
  readonly fileBytes: number;
  /** One chunk of a file, bytes, without the chunk's own header. */
  readonly chunkBytes: number;
  /** Events from before its arrival that a newcomer may be given. [HEAL-5] */
  readonly history: number;
  /** Rooms that one key may open; older relays don't say. [JOIN-8] */
  readonly rooms?: number | undefined;
  /** Token buckets per key and role: a `burst`, then `perSecond`. [RATE-1] */
  readonly rate: { readonly agent: Rate; readonly user: Rate };
}

/** A token bucket: `burst` events at once, then `perSecond`; a burst of 0 means no limit. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

export const DEFAULT_LIMITS: Limits = {
  members: 50,
  frameBytes: 10 * 1024 * 1024,
  textBytes: 1024 * 1024,
  fileBytes: 100 * 1024 * 1024,
  chunkBytes: 64 * 1024,
  history: 200,
  rooms: 32,
  rate: { agent: { burst: 10, perSecond: 2 }, user: { burst: 30, perSecond: 10 } },
};

/** The head of an event, UTF-8 bytes. [EVENT-2] */
export const MAX_HEAD_BYTES = 16 * 1024;
/** Nesting depth of `ext` in a head. [EVENT-2] */
export const MAX_EXT_DEPTH = 16;
/** Addresses of one event. [EVENT-5] */
export const MAX_ADDRESSES = 64;
/** Receipts in one frame. [RECEIPT-3] */
export const MAX_RECEIPTS = 500;
/** From the opening of the socket to a good `hello`, milliseconds. [HELLO-5] */
export const HELLO_TIMEOUT_MS = 10_000;
/**
 * Between two pings of the relay, milliseconds; a side that hears nothing for twice as long drops the connection. [LIVE-1]
 * [LIVE-2]
 */
export const HEARTBEAT_MS = 25_000;
/**
 * How long an older connection has to answer a ping before a newer one with the same key replaces it, milliseconds. [JOIN-5]
 */
export const REPLACE_PING_MS = 3_000;
/** How far ahead of the relay's clock a member's `after` may push the next stamp, milliseconds. [STAMP-3] */
export const MAX_STAMP_LEAD_MS = 600_000;
/** Length of an invite, characters. [INVITE-1] */
export const MAX_INVITE_CHARS = 8192;
/** Chunks of one transfer that may be in flight unacknowledged. [FILE-4] */
export const CHUNK_WINDOW = 64;
/** Marks in one `heal` frame, and ranges in one mark. [HEAL-2] */
export const MAX_HEAL_MARKS = 2_000;
export const MAX_MARK_RANGES = 64;
/** Automatic turns that one `budget` event may add to a chain. [CHAIN-4] */
export const MAX_MORE_TURNS = 100;
/** How far apart the clocks of a room's owner and of a grant's verifier may be, seconds. [GRANT-3] */
export const GRANT_LEEWAY_S = 60;
/** A grant as text, characters; and how many grants may lie between the root's and one that is handed down. [GRANT-9] */
export const MAX_GRANT_CHARS = 4_096;
export const MAX_GRANT_DEPTH = 2;
/** Uses of one invite that names nobody; a word to who decides, and a code, characters. [LOBBY-1] */
export const MAX_INVITE_USES = 1_000;
export const MAX_LOBBY_TEXT_CHARS = 500;
export const MAX_LOBBY_WORD_CHARS = 32;
/** From the beginning to the end of a grant for a device of one's own, seconds. [LOBBY-8] */
export const MAX_DEVICE_LINK_S = 600;
/** What somebody in the lobby may say on one connection, and the size of each, bytes. [LOBBY-3] */
export const MAX_KNOCKS = 3;
export const MAX_KNOCK_BYTES = 16 * 1024;
/** The title and the purpose on a room's card, and the address of a repository, characters; the repositories. [CARD-1] [CARD-2] */
export const MAX_CARD_TITLE_CHARS = 100;
export const MAX_CARD_PURPOSE_CHARS = 500;
export const MAX_REPOSITORY_URL_CHARS = 500;
export const MAX_REPOSITORIES = 50;
/** Channels that one member may be in. [CHANNEL-2] */
export const MAX_CHANNELS = 100;
/** The topic of a channel, characters. [CHANNEL-6] */
export const MAX_TOPIC_CHARS = 300;
/** A question, and the label or description of a choice, characters; the choices of a question. [QUESTION-2] */
export const MAX_QUESTION_CHARS = 4_000;
export const MAX_CHOICE_CHARS = 200;
export const MAX_CHOICES = 20;
/** What an asker says it will do if nobody answers, characters. [QUESTION-2] */
export const MAX_OTHERWISE_CHARS = 500;
/** Free text of an answer or a decision, and the title of a decision, characters. [QUESTION-3] [QUESTION-7] */
export const MAX_ANSWER_CHARS = 4_000;
export const MAX_DECISION_TITLE_CHARS = 200;
/** Controls kept for one room, and offered in `join`. [CONTROL-4] */
export const MAX_CONTROLS = 64;
/** Keys that the ban of a grant may exempt. [CONTROL-17] */
export const MAX_SPARED = 100;
/** Grants that one operator's control takes back. [GRANT-10] */
export const MAX_REVOKED = 200;
/** How far ahead of the verifier's clock a control's `time` may be, milliseconds: ten years. [CONTROL-15] */
export const MAX_CONTROL_LEAD_MS = 315_360_000_000;
/** One key statement, bytes; those of one chain, in `join` and in `joined`. [KEYCHAIN-6] */
export const MAX_STATEMENT_BYTES = 2_048;
export const MAX_CHAIN_STATEMENTS = 32;
/** What a device is called, characters. [LINKING-2] */
export const MAX_DEVICE_NAME_CHARS = 64;
/** Devices of one person that count in a room. [KEYCHAIN-6] */
export const MAX_DEVICES = 8;
/** Places that one revocation names; how often in a row a root may have been renewed. [KEYCHAIN-6] */
export const MAX_LAST = 32;
export const MAX_ROTATIONS = 8;
