// A quick reading of what makes up most of the traffic: posts of room-wide messages. It says yes only to what the schemas
// of the protocol say yes to, and gives the same; whatever it is not sure of it leaves to them. A test holds it to that.
import { isId, isRoomName, isSeatName, MAX_HEAD_BYTES, type Post, type SealedEvent } from "@agora/protocol";

const POST = '{"type":"post",';
const SIGNATURE = /^[A-Za-z0-9_-]{85}[AQgw]$/;
const HASH = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const MEDIA = /^[\x21-\x7e ]{1,100}$/;

type Fields = Readonly<Record<string, unknown>>;

/** Reads the text of a frame when it is a `post`; undefined: the decoder has to look. */
export function glancePost(text: string, maxBytes: number): Post | undefined {
  if (!text.startsWith(POST) || text.length > maxBytes) return undefined;
  const frame = fieldsOf(text);
  const event = frame?.["event"];
  if (frame?.["type"] !== "post" || !isFields(event)) return undefined;
  const { room } = frame;
  if (typeof room !== "string" || !isRoomName(room)) return undefined;
  const { head, sig, body } = event;
  if (typeof head !== "string" || typeof body !== "string" || typeof sig !== "string" || !SIGNATURE.test(sig))
    return undefined;
  return { type: "post", room, event: { head, sig, body } };
}

/** Whose event it must be, and where: names and keys that were checked when they joined. */
export interface Poster {
  readonly name: string;
  readonly key: string;
  readonly room: { readonly name: string };
}

/** What the relay needs to know of the head of a room-wide message. */
export interface Glance {
  readonly id: string;
  readonly role: "user" | "agent";
  readonly kind: "message";
  readonly to: [];
}

/** Reads the head of a room-wide message of `by`; undefined: it is something else, or wrong. */
export function glanceHead({ head: text }: SealedEvent, by: Poster): Glance | undefined {
  if (text.length > MAX_HEAD_BYTES) return undefined;
  const head = fieldsOf(text);
  if (head === undefined) return undefined;
  const { id, role, to, body } = head;
  if (head["v"] !== 1 || head["kind"] !== "message" || (role !== "user" && role !== "agent")) return undefined;
  if (head["room"] !== by.room.name || head["author"] !== by.name || head["key"] !== by.key) return undefined;
  if (!isIdField(id) || !isIdField(head["thread"]) || !isIdField(head["chain"])) return undefined;
  if (!Array.isArray(to) || to.length > 0) return undefined;
  if (!isCount(head["hop"]) || !isCount(head["time"]) || !isCount(head["seq"]) || head["seq"] === 0) return undefined;
  // What only some events have is looked at by the schema.
  if ("about" in head || "channel" in head || "expires" in head || "must" in head || "ext" in head) return undefined;
  if ("seat" in head && (typeof head["seat"] !== "string" || !isSeatName(head["seat"]))) return undefined;
  if (!isFields(body) || !isCount(body["length"])) return undefined;
  const { hash, media } = body;
  if (typeof hash !== "string" || !HASH.test(hash) || typeof media !== "string" || !MEDIA.test(media)) return undefined;
  return { id, role, kind: "message", to: [] };
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
