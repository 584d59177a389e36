// Delivering: an already stamped event is passed to one member who missed it, by its author or another member who has it.
// The relay checks that the event is for that member and visible to the deliverer; the reader checks the signature.
import { type Deliver, type ErrorCode, fail, type Head, ok, readHead, type Result } from "@agora/protocol";
import { brakeOf, busyFor, hasteOf } from "./brakes.ts";
import type { RelayContext } from "./context.ts";
import { eventText, textFrame } from "./frame.ts";
import { isFor, maySee } from "./may-see.ts";
import type { Member } from "./member.ts";
import { whenAnswered } from "./ports/answer.ts";

/** Handles a `deliver`. [DELIVER-1] */
export function deliver(relay: RelayContext, by: Member, { to, stamp, event }: Deliver): void {
  const room = by.room.name;
  const read = readHead(event.head);
  if (!read.ok) return by.connection.refuse(read.code, read.message, { room });
  const head = read.value;
  const { id } = head;
  const checked = checkDelivery(by, to, head);
  if (!checked.ok) return by.connection.refuse(checked.code, checked.message, { room, id });
  const brake = (head.kind === "control" ? undefined : brakeOf(by)) ?? hasteOf(relay, by, "deliver");
  if (brake !== undefined)
    return by.connection.refuse(brake.code, brake.sentence, { room, id, retryAfterMs: brake.retryAfterMs });
  const reader = checkReader(by, to, head);
  if (!reader.ok) return by.connection.refuse(reader.code, reader.message, { room, id });
  const stamped = {
    stamp,
    event: { id, author: head.author, key: head.key, to: head.to, text: JSON.stringify(event) },
  };
  const frame = textFrame(eventText(room, stamped, true, by.name));
  // A delivery by the author is news; one by another member is healing, and waits behind everything else. [HEAL-4]
  const isBulk = head.author !== by.name;
  whenAnswered(relay.ports.bus.to(room, to, { frame, isBulk }), relay.clock, (handed) => {
    if (!handed.ok) {
      const { code, sentence, retryAfterMs } = busyFor(by.room.line.retryMs);
      return by.connection.refuse(code, sentence, { room, id, retryAfterMs });
    }
    if (handed.value === "nobody") return by.connection.refuse("no-such-member", notHere(to), { room, id });
    if (handed.value === "full") return;
    relay.counts.deliveries += 1;
    relay.counts.framesOut.add("event");
  });
}

function checkDelivery(by: Member, to: string, head: Head): Result<void, ErrorCode> {
  if (by.entitlement.role === "observer") return fail("forbidden", "An observer sees the room and does not deliver.");
  const mistake = mistakeIn(by, to, head);
  if (mistake !== undefined) return fail("bad-event", mistake);
  if (!isVisibleTo(head, by)) return fail("forbidden", "The event is not one that this member may see."); // [DELIVER-3]
  return ok(undefined);
}

function checkReader(by: Member, to: string, head: Head): Result<void, ErrorCode> {
  const reader = by.room.members.get(to);
  if (reader === undefined) return fail("no-such-member", notHere(to));
  const isAuthors = head.author === to && head.key === reader.key;
  if (head.channel !== undefined) {
    if (reader.channels?.has(head.channel) !== true) return fail("forbidden", `"${to}" is not in #${head.channel}.`); // [POST-7]
  } else if (!isAuthors && !isFor(head.to, to, reader.key)) {
    return fail("key-changed", `"${to}" has another key than the event was meant for.`); // [DELIVER-2]
  }
  return ok(undefined);
}

function notHere(name: string): string {
  return `"${name}" is not in the room.`;
}

function mistakeIn(by: Member, to: string, head: Head): string | undefined {
  if (head.room !== by.room.name) return `The event is for the room "${head.room}".`;
  if (head.channel === undefined && head.author !== to && head.to.length > 0 && !head.to.some((a) => a.member === to))
    return `The event is not addressed to "${to}".`;
  return undefined;
}

function isVisibleTo(head: Head, by: Member): boolean {
  if (head.channel !== undefined) return maySee(head, by);
  return (head.author === by.name && head.key === by.key) || isFor(head.to, by.name, by.key);
}
