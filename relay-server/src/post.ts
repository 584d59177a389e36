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
  type SealedEvent,
  type ErrorCode,
} from "@agora/protocol";
import type { RelayContext } from "./context.ts";
import { checkControl } from "./control-check.ts";
import type { VerifiedControl } from "./controls.ts";
import type { Member } from "./room.ts";

const BRAKES = {
  stopped: "An operator has stopped this room: nothing is sent until it is reset.",
  paused: "An operator has paused this room: the event waits until it is resumed.",
} as const;

/** Handles a `post`; a promise when the event is a control, whose grant has to be verified. [POST-1] */
export function post(relay: RelayContext, by: Member, { event }: Post): Promise<void> | undefined {
  const room = by.room.name;
  const read = readPosted(relay, by, event);
  if (!read.ok) {
    const id = idIn(event.head);
    by.connection.refuse(read.code, read.message, { room, id });
    return undefined;
  }
  const head = read.value;
  const { id, key } = head;
  const known = relay.store.stampOf(room, key, id);
  if (known !== undefined) {
    tellStamp(relay, by, head, event, known); // [POST-5]
    return undefined;
  }
  const brake = by.entitlement.role === "operator" || head.kind === "control" ? undefined : by.room.controls.brake;
  if (brake !== undefined) {
    by.connection.refuse(brake, BRAKES[brake], { room, id }); // [CONTROL-5]
    return undefined;
  }
  const retryAfterMs = by.room.bucket(key, head.role, relay.config.limits.rate).take(relay.clock.steady());
  if (retryAfterMs > 0) {
    by.connection.refuse("rate", `Too many events at once: try again in ${retryAfterMs} ms.`, {
      room,
      id,
      retryAfterMs,
    });
    return undefined;
  }
  if (head.kind === "control") return postControl(relay, by, head, event);
  stamp(relay, by, head, event);
  return undefined;
}

/** What a head must say to be taken from this member. [POST-2] */
function readPosted(relay: RelayContext, by: Member, event: SealedEvent): Result<Head, ErrorCode> {
  if (by.entitlement.role === "observer") return fail("forbidden", "An observer sees the room and does not post.");
  const read = readHead(event.head);
  if (!read.ok) return read;
  const head = read.value;
  if (head.room !== by.room.name) return fail("bad-event", `The event is for the room "${head.room}".`);
  if (head.author !== by.name || head.key !== by.key)
    return fail("bad-event", "The event is by another author or key than this member.");
  if (head.channel !== undefined) return fail("forbidden", "This relay does not serve channels."); // [POST-7]
  if (isLonger(event.body, relay.config.limits.textBytes)) {
    const limit = relay.config.limits.textBytes;
    return fail(
      "too-big",
      `The text has ${byteLength(event.body)} bytes, and ${limit} are allowed: send it as a file.`,
    );
  }
  return ok(head);
}

function isLonger(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && byteLength(text) > maxBytes);
}

function stamp(relay: RelayContext, by: Member, head: Head, sealed: SealedEvent): void {
  const { id, author, key, to } = head;
  relay.store.append(by.room.name, [{ id, author, key, to, sealed }], ([stamp]) => {
    if (stamp !== undefined) tellStamp(relay, by, head, sealed, stamp);
  });
}

/** Tells an author the place of its event, and who of the addressed is not here. [POST-3] */
function tellStamp(
  _relay: RelayContext,
  by: Member,
  { id, author, key, to }: Head,
  sealed: SealedEvent,
  stamp: string,
): void {
  const missed = to.length === 0 ? [] : by.room.missed({ id, author, key, to, sealed });
  by.connection.send({ type: "stamped", room: by.room.name, id, stamp, ...(missed.length === 0 ? {} : { missed }) });
}

async function postControl(relay: RelayContext, by: Member, head: Head, sealed: SealedEvent): Promise<void> {
  const checked = await checkControl(relay, by.room.name, sealed);
  if (!checked.ok) return by.connection.refuse(checked.code, checked.message, { room: by.room.name, id: head.id });
  if (by.connection.member(by.room.name) !== by) return; // it has left in the meantime
  by.room.controls.adopt(checked.value);
  stamp(relay, by, head, sealed);
  relay.log.info("control", { room: by.room.name, name: by.name, act: checked.value.control.act });
  enforce(relay, by, checked.value);
}

/** Removes whom a kick or ban names; brakes act by themselves. [CONTROL-6] */
function enforce(relay: RelayContext, by: Member, { control }: VerifiedControl): void {
  if (control.act !== "kick" && control.act !== "ban") return;
  const code = control.act === "kick" ? CLOSE_CODES.kicked : CLOSE_CODES.banned;
  const targets = [...by.room.members.values()].filter((member) =>
    control.key === undefined ? member.name === control.member : member.key === control.key,
  );
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
