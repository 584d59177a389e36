// Posting: an author hands an event to the room. What the relay looks at is the head; the signature is the readers' to
// check, but for controls, which the relay itself obeys.
import {
  byteLength,
  CLOSE_CODES,
  fail,
  type Head,
  ok,
  type Post,
  readHead,
  type Result,
  type SignedEvent,
  type ErrorCode,
} from "@agora/protocol";
import type { RelayContext } from "./context.ts";
import { checkControl } from "./control-check.ts";
import type { VerifiedControl } from "./controls.ts";
import { textFrame } from "./frame.ts";
import { type FastParsedPost, fastParseHead } from "./fast-parse-post.ts";
import { type Member, roleOf } from "./room.ts";

const BRAKES = {
  stopped: "An operator has stopped this room: nothing is sent until it is reset.",
  paused: "An operator has paused this room: the event waits until it is resumed.",
} as const;

/** Why this member's events are not taken now; an operator's always are, but when it is paused itself. */
export function brakeOf(by: Member): { readonly code: "stopped" | "paused"; readonly sentence: string } | undefined {
  const { controls } = by.room;
  const code = roleOf(by) === "operator" ? undefined : controls.brake;
  if (code !== undefined) return { code, sentence: BRAKES[code] };
  return controls.isPaused(by.name, by.key)
    ? { code: "paused", sentence: "An operator has paused you: the event waits until you are resumed." }
    : undefined;
}

/** What the relay needs to know of an event that is posted; author and key are the member's. */
type Posted = Pick<Head, "id" | "role" | "kind" | "to" | "channel">;

/** A `post` frame, with its event's own text when that can go out as it came. */
type Posting = Post & Partial<Pick<FastParsedPost, "text">>;

/** Handles a `post`; a promise when the event is a control, whose grant has to be verified. [POST-1] */
export function post(relay: RelayContext, by: Member, { event, text }: Posting): Promise<void> | undefined {
  const room = by.room.name;
  const read = readPosted(relay, by, event);
  if (!read.ok) {
    by.connection.refuse(read.code, read.message, { room, id: idIn(event.head) });
    return undefined;
  }
  const posted = read.value;
  const { id, role, kind } = posted;
  const known = relay.store.stampOf(room, by.key, id);
  if (known !== undefined) {
    tellStamp(relay, by, posted, known); // [POST-5]
    return undefined;
  }
  const brake = kind === "control" ? undefined : brakeOf(by);
  if (brake !== undefined) {
    by.connection.refuse(brake.code, brake.sentence, { room, id }); // [CONTROL-5]
    return undefined;
  }
  const bucket = kind === "control" ? kind : role;
  const retryAfterMs = by.room.bucket(by, bucket, relay.config.limits.rate).take(relay.clock.steady());
  if (retryAfterMs > 0) {
    const message = `Too many events at once: try again in ${retryAfterMs} ms.`;
    by.connection.refuse("rate", message, { room, id, retryAfterMs });
    return undefined;
  }
  if (kind === "control") return postControl(relay, by, posted, event);
  stamp(relay, by, posted, text ?? JSON.stringify(event));
  return undefined;
}

/** What an event must say to be taken from this member. [POST-2] */
function readPosted(relay: RelayContext, by: Member, event: SignedEvent): Result<Posted, ErrorCode> {
  if (by.entitlement.role === "observer") return fail("forbidden", "An observer sees the room and does not post.");
  const { textBytes } = relay.config.limits;
  const glanced: Posted | undefined = fastParseHead(event, by);
  if (glanced !== undefined && !isLonger(event.body, textBytes)) return ok(glanced);
  const read = readHead(event.head);
  if (!read.ok) return read;
  const head = read.value;
  if (head.room !== by.room.name) return fail("bad-event", `The event is for the room "${head.room}".`);
  if (head.author !== by.name || head.key !== by.key) {
    return fail("bad-event", "The event is by another author or key than this member.");
  }
  if (head.channel !== undefined && head.kind === "control")
    return fail("bad-event", "A control is for the room, not for a channel.");
  if (head.channel !== undefined && by.channels?.has(head.channel) !== true)
    return fail("forbidden", `You are not in #${head.channel}.`); // [POST-7]
  if (!isLonger(event.body, textBytes)) return ok(head);
  const bytes = byteLength(event.body);
  return fail("too-big", `The text has ${bytes} bytes, and ${textBytes} are allowed: send it as a file.`);
}

function isLonger(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && byteLength(text) > maxBytes);
}

function stamp(relay: RelayContext, by: Member, posted: Posted, text: string, placed?: (stamp: string) => void): void {
  const { id, to, channel } = posted;
  const event = { id, author: by.name, key: by.key, to, channel, text };
  relay.store.append(by.room.name, [event], ([stamp]) => {
    if (stamp === undefined) return;
    placed?.(stamp);
    tellStamp(relay, by, posted, stamp);
  });
}

/** Tells an author the place of its event, and who of the addressed is not here. [POST-3] */
function tellStamp(relay: RelayContext, by: Member, { id, to, channel }: Posted, stamp: string): void {
  const missed = to.length === 0 ? [] : by.room.missed(to, channel);
  const more = missed.length === 0 ? "" : `,"missed":${JSON.stringify(missed)}`;
  relay.counts.framesOut.add("stamped");
  by.connection.writer.send(
    textFrame(`{"type":"stamped","room":"${by.room.name}","id":"${id}","stamp":"${stamp}"${more}}`),
  );
}

async function postControl(relay: RelayContext, by: Member, posted: Posted, signed: SignedEvent): Promise<void> {
  const checked = await checkControl(relay, by.room.name, signed);
  if (!checked.ok) return by.connection.refuse(checked.code, checked.message, { room: by.room.name, id: posted.id });
  if (by.connection.member(by.room.name) !== by) return; // it has left in the meantime
  if (roleOf(by) === "member") {
    by.operator = checked.value.entitlement; // it has shown its grant
    by.room.changed(by);
  }
  by.room.controls.adopt(checked.value);
  const other = by.room.controls.overruledBy(checked.value);
  if (other !== undefined) {
    // Its author would be told that it holds, and all would see it in the history. [CONTROL-16]
    const message = `@${other} has decided otherwise, and that word is the later one: nothing was changed.`;
    return by.connection.refuse("forbidden", message, { room: by.room.name, id: posted.id });
  }
  stamp(relay, by, posted, JSON.stringify(signed), (at) => by.room.controls.placed(signed, at));
  relay.log.info("control", { room: by.room.name, name: by.name, act: checked.value.control.act });
  enforce(relay, by, checked.value);
}

/** Removes whom a kick or ban names; brakes act by themselves. [CONTROL-6] */
function enforce(relay: RelayContext, by: Member, { control }: VerifiedControl): void {
  if (control.act !== "kick" && control.act !== "ban") return;
  const code = control.act === "kick" ? CLOSE_CODES.kicked : CLOSE_CODES.banned;
  const isMeant = ({ name, key, entitlement }: Member): boolean => {
    if (control.act === "ban") return by.room.controls.isBanned(name, key, entitlement.jti); // [CONTROL-17]
    return control.key === undefined ? name === control.member : key === control.key;
  };
  const targets = [...by.room.members.values()].filter(isMeant);
  for (const member of targets) {
    relay.log.info(code.name, { room: by.room.name, name: member.name });
    member.connection.close(code);
  }
}

// So that a refusal of a head that does not fit still names the event, when it can.
function idIn(head: string): string | undefined {
  try {
    const json: unknown = JSON.parse(head);
    const id: unknown = typeof json === "object" && json !== null && "id" in json ? json.id : undefined;
    return typeof id === "string" ? id.slice(0, 40) : undefined;
  } catch {
    return undefined;
  }
}
