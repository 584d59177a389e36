// Where a message goes: to whom, in which thread and in which channel. What a request leaves out follows from the thread, or
// from the one mention that the speaking seat was asked to answer.
import type { RequestArgs } from "@agora/ipc/messages";
import { type Address, fail, harmlessLine, ok, type Result } from "@agora/protocol";
import type { Item } from "../inbox/fold.ts";
import type { Seat } from "../seats/fold.ts";
import { resolveRecipients } from "../kernel/recipients.ts";
import { findThread } from "../kernel/thread-lookup.ts";
import type { Thread } from "../kernel/threads.ts";
import { isPerson } from "../controls/permissions.ts";
import { readName } from "../channels/channel-name.ts";
import { enterToSay } from "../channels/requests.ts";
import type { Context } from "./context.ts";

/** Why nothing was said. */
export type SayCode =
  | "unknown-recipient"
  | "unknown-thread"
  | "unknown-channel"
  | "bad-request"
  | "ambiguous"
  | "empty"
  | "too-long"
  | "bad-file"
  | "quota"
  | "not-allowed"
  | "reused"
  | "disk"
  | "stopped"
  | "key-changed";

interface PlaceInRoom {
  readonly to: readonly Address[];
  readonly notes: readonly string[];
  readonly channel?: string | undefined;
  readonly thread?: string | undefined;
  readonly about?: { readonly how: "answers"; readonly id: string } | undefined;
}

/** To whom and in which thread: as said, else the thread's readers, else the one mention this seat was asked to answer. */
export function placeOf(room: Context, args: RequestArgs<"say">, seat: Seat | undefined): Result<PlaceInRoom, SayCode> {
  const known = {
    me: room.me,
    myKey: room.myKey,
    members: room.members,
    keyOf: (name: string) => room.pins.get(name)?.key,
    mySeats: () => room.seats.alive(),
  };
  const resolved = resolveRecipients(args.to, known);
  if (!resolved.ok) return resolved;
  const { notes } = resolved.value;
  let to = resolved.value.to;
  const asked =
    args.thread === undefined && args.via === "tool" && seat !== undefined ? askedBy(room, seat, to) : undefined;
  if (args.thread === undefined && asked === undefined) return ok({ to, notes, channel: args.channel });
  const found = asked === undefined ? findThread(room.store, args.thread!) : findThread(room.store, asked.thread);
  if (!found.ok) return found;
  const { id, thread } = found.value;
  const { channel } = thread;
  const word = args.channel?.replace(/^#/, "").toLowerCase();
  if (word !== undefined && word !== channel)
    return fail("unknown-thread", `That thread is not in #${harmlessLine(word, 40)}: give the thread alone.`);
  if (to.length === 0 && channel === undefined)
    to = thread.members.flatMap((m) => {
      const key = room.pins.get(m.member)?.key;
      if (m.member === room.me) return [];
      if (m.key === undefined || m.key === key) return [m];
      // Another device of that person, or a new key of this one.
      return key !== undefined && room.persons.isSame(m.member, key, m.key) ? [{ ...m, key }] : [];
    });
  if (to.length === 0 && channel === undefined && thread.members.length > 0)
    return fail("unknown-recipient", "Nobody else is in this thread: address a member.");
  const item = asked ?? Object.values(room.store.state.inbox).findLast((i) => i.thread === id);
  // Whoever asks from outside is not answered before the others, nor the others before who asks: it has to be said who is meant.
  if (args.to.length === 0 && channel === undefined && item !== undefined && !takesPart(room, thread, item))
    return fail("ambiguous", `@${item.from} wrote into a thread between others and you: address whom you mean.`);
  const answered = item?.id ?? (thread.lastFrom === room.me ? undefined : thread.lastId);
  // In a channel everybody in it reads the answer: only who asked is told of it besides.
  if (to.length === 0 && channel !== undefined && item !== undefined && item.from !== room.me)
    if (room.channels.has(channel, item.from)) to = [{ member: item.from, ...keyOf(room, item.from) }];
  return ok({
    to,
    notes,
    channel,
    thread: id,
    ...(answered === undefined ? {} : { about: { how: "answers" as const, id: answered } }),
  });
}

/** Whether the author of an item belongs to those who are answered in its thread. */
function takesPart(room: Context, { members }: Thread, { from }: Item): boolean {
  return members.length === 0 || from === room.me || members.some(({ member }) => member === from);
}

function keyOf(room: Context, name: string): Pick<Address, "key"> {
  const key = room.pins.get(name)?.key;
  return key === undefined ? {} : { key };
}

/** In a channel: this member is in it, or joins it now; and whoever is addressed is in it, too. */
export async function inChannel(
  room: Context,
  { via }: RequestArgs<"say">,
  place: PlaceInRoom,
): Promise<Result<Pick<PlaceInRoom, "to" | "notes" | "channel">, SayCode>> {
  const { to, notes, channel: word } = place;
  if (word === undefined) return ok({ to, notes });
  const name = readName(word);
  if (!name.ok) return name;
  const stranger = to.find(
    ({ member }) => room.members.get(member) !== undefined && !room.channels.has(name.value, member),
  );
  if (stranger !== undefined && stranger.member !== room.me)
    return fail("unknown-recipient", `@${stranger.member} is not in #${name.value}; nothing was sent.`);
  const entered = await enterToSay(room, name.value, via);
  if (!entered.ok) return entered;
  const { channel } = entered.value;
  if (isPerson(via)) room.channels.read(channel);
  return ok({ to, notes: [...notes, ...entered.value.notes], channel });
}

/** The mention a seat was asked to answer, when it speaks to exactly that author and names no thread. */
function askedBy(room: Context, seat: Seat, to: readonly Address[]): Item | undefined {
  const items = Object.values(room.store.state.inbox).filter(
    (i) =>
      i.state !== "open" &&
      i.answers === undefined &&
      i.handed?.seat === seat.seat &&
      // What it says to one member is not said to all of a channel because of where it was asked.
      room.store.state.threads[i.thread]?.channel === undefined,
  );
  const from = items.filter((i) => to.length === 1 && i.from === to[0]!.member);
  return from.length === 1 ? from[0] : undefined;
}
