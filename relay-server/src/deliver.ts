// Delivering: an already stamped event is passed to one member who missed it, by its author or another member who has it.
// The relay checks that the event is for that member and visible to the deliverer; the reader checks the signature.
import { type Deliver, type ErrorCode, fail, type Head, ok, readHead, type Result } from "@agora/protocol";
import { brakeOf, busyFor, hasteOf } from "./brakes.ts";
import type { RelayContext } from "./context.ts";
import { eventText, textFrame } from "./frame.ts";
import { isAuthorsOther, isFor, maySee } from "./may-see.ts";
import type { Member } from "./member.ts";
import { whenAnswered } from "./ports/answer.ts";

/** Handles a `deliver`. [DELIVER-1] */
export function deliver(relay: RelayContext, by: Member, { to, key, stamp, event }: Deliver): void {
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
  const readers = readersOf(by, { to, key }, head);
  if (!readers.ok) return by.connection.refuse(readers.code, readers.message, { room, id });
  const stamped = {
    stamp,
    event: { id, author: head.author, key: head.key, to: head.to, text: JSON.stringify(event) },
  };
  const frame = textFrame(eventText(room, stamped, true, by.name));
  // A delivery by the author is news; one by another member is healing, and waits behind everything else. [HEAL-4]
  const isBulk = head.author !== by.name || to === by.name;
  for (const { key: device } of readers.value)
    whenAnswered(relay.ports.bus.to(room, to, { frame, isBulk, device }), relay.clock, (handed) => {
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

/** The devices that an event is delivered to: the one that is named, or all who may have it. [DEVICE-6] */
function readersOf(
  by: Member,
  { to, key }: Pick<Deliver, "to" | "key">,
  head: Head,
): Result<readonly Member[], ErrorCode> {
  const here = by.room.members.of(to).filter((device) => key === undefined || key === device.key);
  if (here.length === 0) return fail("no-such-member", notHere(to));
  const { channel } = head;
  const readers = here.filter((device) =>
    channel === undefined ? isAuthor(head, device) || isFor(head.to, device) : device.channels?.has(channel) === true,
  );
  if (readers.length > 0) return ok(readers);
  return channel === undefined
    ? fail("key-changed", `"${to}" has another key than the event was meant for.`) // [DELIVER-2]
    : fail("forbidden", `"${to}" is not in #${channel}.`); // [POST-7]
}

/** Whether it is a device of whoever said it. */
function isAuthor(head: Head, device: Member): boolean {
  return head.author === device.name && (head.key === device.key || isAuthorsOther(head, device));
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
  return isAuthor(head, by) || isFor(head.to, by);
}
