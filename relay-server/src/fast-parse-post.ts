// A fast parser for most of the traffic: posts of room-wide messages. It accepts only what the protocol's schemas accept,
// with the same result; when unsure, it leaves the frame to them. A test checks that.
import { isId, isRoomName, isSeatName, MAX_HEAD_BYTES, type Post, type SignedEvent } from "@agora/protocol";

const ROOM = '{"type":"post","room":"';
const EVENT = '","event":';
const HEAD = '{"head":"';
const SIG = '","sig":"';
const SIG_CHARS = 86;
const BODY = '","body":"';
const END = '"}}';

const SIGNATURE = /^[A-Za-z0-9_-]{85}[AQgw]$/;
const HASH = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const MEDIA = /^[\x21-\x7e ]{1,100}$/;

type Fields = Readonly<Record<string, unknown>>;

/** A `post` with its event's original text, which can be sent on unchanged. */
export interface FastParsedPost extends Post {
  readonly text: string;
}

/**
 * Parses a frame if it is a `post` written the way JSON.stringify writes it; undefined: use the decoder. Head and body are
 * each parsed as one JSON string, so nothing else can hide between the fixed parts.
 */
export function fastParsePost(text: string, maxBytes: number): FastParsedPost | undefined {
  if (!text.startsWith(ROOM) || text.length > maxBytes || !text.endsWith(END)) return undefined;
  const roomEnd = text.indexOf('"', ROOM.length);
  const eventAt = roomEnd + EVENT.length;
  if (!text.startsWith(EVENT + HEAD, roomEnd)) return undefined;
  const headAt = eventAt + HEAD.length;
  const sigAt = text.indexOf(SIG, headAt);
  const bodyAt = sigAt + SIG.length + SIG_CHARS + BODY.length;
  if (sigAt < 0 || !text.startsWith(BODY, bodyAt - BODY.length)) return undefined;
  const room = text.slice(ROOM.length, roomEnd);
  const sig = text.slice(sigAt + SIG.length, bodyAt - BODY.length);
  if (!isRoomName(room) || !SIGNATURE.test(sig)) return undefined;
  const head = stringOf(text.slice(headAt - 1, sigAt + 1));
  const body = stringOf(text.slice(bodyAt - 1, text.length - END.length + 1));
  if (head === undefined || body === undefined) return undefined;
  return { type: "post", room, event: { head, sig, body }, text: text.slice(eventAt, text.length - 1) };
}

/** The expected author and room: names and keys that were checked at the join. */
export interface Poster {
  readonly name: string;
  readonly key: string;
  readonly room: { readonly name: string };
}

/** What the relay needs to know from the head of a room-wide message. */
export interface FastParsedHead {
  readonly id: string;
  readonly role: "user" | "agent";
  readonly kind: "message";
  readonly to: [];
}

/** Parses the head of a room-wide message by `by`; undefined if it is something else, or wrong. */
export function fastParseHead({ head: text }: SignedEvent, by: Poster): FastParsedHead | undefined {
  if (text.length > MAX_HEAD_BYTES) return undefined;
  const head = fieldsOf(text);
  if (head === undefined) return undefined;
  const { id, role, to, body } = head;
  if (head["v"] !== 1 || head["kind"] !== "message" || (role !== "user" && role !== "agent")) return undefined;
  if (head["room"] !== by.room.name || head["author"] !== by.name || head["key"] !== by.key) return undefined;
  if (!isIdField(id) || !isIdField(head["thread"]) || !isIdField(head["chain"])) return undefined;
  if (!Array.isArray(to) || to.length > 0) return undefined;
  if (!isCount(head["hop"]) || !isCount(head["time"]) || !isCount(head["seq"]) || head["seq"] === 0) return undefined;
  // Fields that only some events have are left to the schema.
  if ("about" in head || "channel" in head || "expires" in head || "must" in head || "ext" in head) return undefined;
  if ("seat" in head && (typeof head["seat"] !== "string" || !isSeatName(head["seat"]))) return undefined;
  if (!isFields(body) || !isCount(body["length"])) return undefined;
  const { hash, media } = body;
  if (typeof hash !== "string" || !HASH.test(hash) || typeof media !== "string" || !MEDIA.test(media)) return undefined;
  return { id, role, kind: "message", to: [] };
}

function stringOf(json: string): string | undefined {
  try {
    const text: unknown = JSON.parse(json);
    return typeof text === "string" ? text : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(text: string): Fields | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isFields(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isIdField(value: unknown): value is string {
  return typeof value === "string" && isId(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
