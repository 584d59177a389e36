// Posting: an author gives an event to the room. The relay looks only at the head; readers check the signature, except for
// controls, which the relay itself obeys.
import {
  byteLength,
  type ErrorCode,
  fail,
  ok,
  type Post,
  readHead,
  type Result,
  type SignedEvent,
} from "@agora/protocol";
import { silencingBy } from "./channel-silence.ts";
import { type Brake, brakeOf, busyFor, hasteOf, isAwaitingAnother } from "./brakes.ts";
import type { RelayContext } from "./context.ts";
import { type FastParsedPost, fastParseHead } from "./fast-parse-post.ts";
import type { Member } from "./member.ts";
import { doneWhenAnswered } from "./ports/answer.ts";
import { postControl } from "./post-control.ts";
import { type Posted, Posting } from "./posting.ts";

/** A `post` frame, with its event's original text if that can be sent on unchanged. */
type PostFrame = Post & Partial<Pick<FastParsedPost, "text">>;

/**
 * Handles a `post`; returns a promise if something must be looked up first: then the next frame on the connection waits.
 * [POST-1]
 */
export function post(relay: RelayContext, by: Member, { event, text }: PostFrame): Promise<void> | undefined {
  const read = readPosted(relay, by, event);
  if (!read.ok) {
    by.connection.refuse(read.code, read.message, { room: by.room.name, id: idIn(event.head) });
    return undefined;
  }
  const posted = read.value;
  if (posted.kind === "control") return postControl(relay, by, posted, event);
  const brake = hindranceOf(relay, by, posted);
  if (brake !== undefined) return refuseNew(relay, by, posted, brake);
  by.room.line.place(
    new Posting(relay, by, posted, text ?? JSON.stringify(event), silencing(relay, by, posted, event)),
  );
  return undefined;
}

/** What is done when an event of a channel is stamped that says who speaks there. */
function silencing(relay: RelayContext, by: Member, posted: Posted, event: SignedEvent): (() => void) | undefined {
  if (posted.kind !== "channel") return undefined;
  const head = readHead(event.head);
  const said = head.ok ? silencingBy(relay.grants, head.value, event) : undefined;
  return said === undefined ? undefined : () => by.room.silence.apply(said);
}

function hindranceOf(relay: RelayContext, by: Member, { id, role }: Posted): Brake | undefined {
  const brake = brakeOf(by); // [CONTROL-5]
  if (brake !== undefined) return brake;
  if (by.awaited !== undefined && isAwaitingAnother(relay, by, id)) return busyFor(by.room.line.retryMs);
  return hasteOf(relay, by, role);
}

/** Refuses an event unless it is already stamped: then its author is told that. [POST-5] */
function refuseNew(relay: RelayContext, by: Member, posted: Posted, brake: Brake): Promise<void> | undefined {
  const { name, line } = by.room;
  const { id } = posted;
  return doneWhenAnswered(relay.ports.events.find(name, by.key, id), relay.clock, (known) => {
    if (known.ok && known.value !== undefined) return line.tell(new Posting(relay, by, posted, ""), known.value);
    // While that is unknown, no event that may be stamped is refused for good.
    const { code, sentence, retryAfterMs } = known.ok ? brake : busyFor(line.retryMs);
    by.connection.refuse(code, sentence, { room: name, id, retryAfterMs });
  });
}

/** What an event must say to be accepted from this member. [POST-2] */
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
  const isUpkeep = head.kind === "channel" || head.kind === "void";
  if (head.channel !== undefined && !isUpkeep && by.room.silence.bars(head.channel, by.key))
    return fail("forbidden", `You only read in #${head.channel}.`); // [RIGHT-5]
  if (!isLonger(event.body, textBytes)) return ok(head);
  const bytes = byteLength(event.body);
  return fail("too-big", `The text has ${bytes} bytes, and ${textBytes} are allowed: send it as a file.`);
}

function isLonger(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && byteLength(text) > maxBytes);
}

// So that the refusal of an invalid head still names the event, if possible.
function idIn(head: string): string | undefined {
  try {
    const json: unknown = JSON.parse(head);
    const id: unknown = typeof json === "object" && json !== null && "id" in json ? json.id : undefined;
    return typeof id === "string" ? id.slice(0, 40) : undefined;
  } catch {
    return undefined;
  }
}
