// Delivering: an already stamped event is handed to one member who missed it, by its author or by whoever holds it. The relay
// checks that it is for that member and visible to the deliverer; the reader checks the signature.
import { type Deliver, type Head, readHead } from "@agora/protocol";
import type { RelayContext } from "./context.ts";
import { textFrame } from "./frame.ts";
import { brakeOf } from "./post.ts";
import { isFor, maySee } from "./ring.ts";
import { eventText, type Member } from "./room.ts";

/** Handles a `deliver`. [DELIVER-1] */
export function deliver(relay: RelayContext, by: Member, { to, stamp, event }: Deliver): void {
  const room = by.room.name;
  const read = readHead(event.head);
  if (!read.ok) return by.connection.refuse(read.code, read.message, { room });
  const head = read.value;
  const { id } = head;
  if (by.entitlement.role === "observer") {
    return by.connection.refuse("forbidden", "An observer sees the room and does not deliver.", { room, id });
  }
  const mistake = mistakeIn(by, to, head);
  if (mistake !== undefined) return by.connection.refuse("bad-event", mistake, { room, id });
  if (!isVisibleTo(head, by)) {
    return by.connection.refuse("forbidden", "The event is not one that this member may see.", { room, id }); // [DELIVER-3]
  }
  const brake = head.kind === "control" ? undefined : brakeOf(by);
  if (brake !== undefined) return by.connection.refuse(brake.code, brake.sentence, { room, id });
  const retryAfterMs = by.room.bucket(by, "deliver", relay.config.limits.rate).take(relay.clock.steady());
  if (retryAfterMs > 0) {
    const message = `Too many deliveries at once: try again in ${retryAfterMs} ms.`;
    return by.connection.refuse("rate", message, { room, id, retryAfterMs });
  }
  const reader = by.room.members.get(to);
  if (reader === undefined) return by.connection.refuse("no-such-member", `"${to}" is not in the room.`, { room, id });
  const isAuthors = head.author === to && head.key === reader.key;
  if (head.channel !== undefined) {
    if (reader.channels?.has(head.channel) !== true)
      return by.connection.refuse("forbidden", `"${to}" is not in #${head.channel}.`, { room, id }); // [POST-7]
  } else if (!isAuthors && !isFor(head.to, to, reader.key)) {
    return by.connection.refuse("key-changed", `"${to}" has another key than the event was meant for.`, { room, id }); // [DELIVER-2]
  }
  const stamped = {
    stamp,
    event: { id, author: head.author, key: head.key, to: head.to, text: JSON.stringify(event) },
  };
  // Its author's own delivery is news; another holder's is healing, and waits behind everything else. [HEAL-4]
  const frame = textFrame(eventText(room, stamped, true, by.name));
  if (head.author === by.name) reader.connection.writer.send(frame);
  else if (!reader.connection.writer.sendChunk(frame)) return;
  relay.counts.deliveries += 1;
  relay.counts.framesOut.add("event");
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
