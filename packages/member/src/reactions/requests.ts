// `react`: one word or emoji to what was said, for those who read it; an empty text takes one's own back.
import { type RequestArgs, type Results, roleOf } from "@agora/ipc/messages";
import { type Address, fail, type Head, ok, type Result, TEXT } from "@agora/protocol";
import type { Channels } from "../channels/keeper.ts";
import { whyObserving } from "../channels/why-observing.ts";
import { findEvent } from "../kernel/find-event.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { post } from "../kernel/post.ts";
import { readHeadOf } from "../kernel/record.ts";
import { inTurns } from "../kernel/steps.ts";
import type { Seat } from "../seats/fold.ts";
import { MAX_REACTION_CHARS, readReaction } from "./fold.ts";

/** What this request uses. */
export type Context = Kernel & { readonly channels: Pick<Channels, "has" | "observingOf"> };

/** Reacts to an event for everybody who reads it; `seat` is the session that does, when it is one. [REACTION-1] */
export async function react(
  room: Context,
  { via, id: word, text: typed }: RequestArgs<"react">,
  seat: Seat | undefined,
): Promise<Result<Results["react"], "bad-request" | "unknown-message" | "ambiguous" | "not-allowed" | "disk">> {
  const text = readReaction(typed.trim());
  if (text === undefined)
    return fail("bad-request", `A reaction is one emoji or one word, ${MAX_REACTION_CHARS} characters at most.`);
  const found = await inTurns(findEvent(room.store, word));
  if (!found.ok) return found;
  const head = readHeadOf(found.value.value);
  if (head === undefined) return fail("unknown-message", "That message is damaged on this disk.");
  const { channel } = head;
  if (channel !== undefined && !room.channels.has(channel, room.me))
    return fail("not-allowed", `You are not in #${channel} any more: join it to react there.`);
  const observing = channel === undefined ? undefined : whyObserving(room, channel);
  if (observing !== undefined) return observing;
  const to = readersOf(room, head);
  const event = room.events.make({
    role: roleOf(via),
    kind: "reaction",
    must: true, // a version that doesn't know it must not wake anybody for it
    to,
    channel,
    body: text,
    media: TEXT,
    thread: head.thread,
    about: { how: "answers", id: head.id },
    seat,
  });
  const names = to.map(({ member }) => member).filter((name) => name !== room.me);
  const posted = await post(room, event, names, text === "" ? "took a reaction back" : text);
  return posted.ok ? ok({ id: event.head.id, about: head.id, text, ...posted.value }) : posted;
}

/** Its author and those it addresses; nobody by name where the whole room or channel reads it. */
function readersOf(room: Context, head: Head): readonly Address[] {
  if (head.channel !== undefined || head.to.length === 0) return [];
  const keys = new Map([{ member: head.author, key: head.key }, ...head.to].map(({ member, key }) => [member, key]));
  keys.delete(room.me);
  // What only one's own sessions read must not go to the whole room.
  if (keys.size === 0) return [{ member: room.me, key: room.myKey }];
  // A name that another key has now is somebody else, who did not read it.
  const readers = [...keys].filter(([member, key]) => key === undefined || (room.keyOf(member) ?? key) === key);
  if (readers.length === 0) return [{ member: room.me, key: room.myKey }];
  return readers.map(([member, key = room.keyOf(member)]) => (key === undefined ? { member } : { member, key }));
}
