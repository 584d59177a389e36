// `say`: from a wish of a person or a model to an event in the outbox; and its kin `append` and `reject`.
import { type RequestArgs, type Results, roleOf } from "@agora/ipc/messages";
import {
  type Address,
  byteLength,
  fail,
  FILE_OFFER,
  type FileOffer,
  harmlessLine,
  isId,
  newId,
  ok,
  type Result,
  type Role,
  TEXT,
} from "@agora/protocol";
import type { Item } from "../inbox/fold.ts";
import type { OwnEvent } from "../kernel/delivery.ts";
import { textOf } from "../kernel/record.ts";
import type { Seat } from "../seats/fold.ts";
import { namesInText } from "./names-in-text.ts";
import { deliveriesOf, wholeOf } from "../kernel/outbox/own-event.ts";
import { post } from "../kernel/post.ts";
import { resolveRecipients } from "../kernel/recipients.ts";
import { findItem, findThread } from "../kernel/thread-lookup.ts";
import type { Thread } from "../kernel/threads.ts";
import { isPerson, whyBarred } from "../controls/permissions.ts";
import { enterToSay, readName } from "../channels/requests.ts";
import { busiest } from "../seats/busiest.ts";
import type { Context } from "./context.ts";

type Code =
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

/** An event that waits: the outbox takes no more than so many. */
const MAX_QUEUED = 10_000;
const PREVIEW = 200;

/** Says something; `seat` is the session that speaks, when it is one. `answers`: it closes what it answers in the inbox. */
export async function say(
  room: Context,
  args: RequestArgs<"say">,
  seat: Seat | undefined,
  answers = true,
): Promise<Result<Results["say"], Code>> {
  const role: Role = args.asAgent === true ? "agent" : roleOf(args.via);
  if (args.text.trim() === "" && args.file === undefined)
    return fail("empty", "There is nothing to say: write a text, or give a file with --file.");
  const { textBytes } = room.limits();
  const length = byteLength(args.text);
  if (length > textBytes)
    return fail(
      "too-long",
      `The text has ${length} bytes, ${textBytes} are allowed: put it into a file and send that with --file.`,
    );
  if (room.outbox.queued >= MAX_QUEUED)
    return fail("disk", `${MAX_QUEUED} messages wait for the relay already: nothing was added.`);

  const before = args.id === undefined ? undefined : room.store.state.outbox[args.id];
  if (before !== undefined) return saidBefore(room, before, args);
  const context = placeOf(room, args, seat);
  if (!context.ok) return context;
  const { thread, about } = context.value;
  const placed = await inChannel(room, args, context.value);
  if (!placed.ok) return placed;
  const { to, notes, channel } = placed.value;
  const id = args.id !== undefined && isId(args.id) ? args.id : newId();
  const file = args.file === undefined ? undefined : await offer(room, id, args.file, args.text, role);
  if (file !== undefined && !file.ok) return file;

  const speaks = role === "agent" ? (seat ?? busiest(room)) : seat;
  const event = room.events.make({
    role,
    to,
    channel,
    ...(file === undefined
      ? { kind: "message", body: args.text, media: TEXT }
      : { kind: "file", body: JSON.stringify(file.value), media: FILE_OFFER }),
    thread,
    about,
    seat: speaks,
    id,
  });
  // Noted first: who hears of it asks for it at once.
  if (file !== undefined) room.files.offered(id, event.head.thread, file.value, to, channel);
  const names = [...new Set(to.map((a) => a.member))];
  const preview = harmlessLine(args.text === "" && file !== undefined ? file.value.name : args.text, PREVIEW);
  const waiting = Object.values(room.store.state.inbox); // a reply to these very words is not answered by them
  const others = names.filter((n) => n !== room.me);
  const posted = await post(room, event, others, preview);
  if (!posted.ok) {
    room.files.withdrawn(id);
    return posted;
  }
  const unasked = unaskedNames(room, args.text, names);
  if (answers) answer(room, waiting, event.head.thread, names, role, seat);
  const own = room.store.state.outbox[id];
  return ok({
    id: event.head.id,
    thread: event.head.thread,
    role,
    to: to.map((a) => a.member + (a.person === true ? "/person" : a.seat === undefined ? "" : `/${a.seat}`)),
    ...(channel === undefined ? {} : { channel }),
    deliveries: own === undefined ? [] : deliveriesOf(own),
    ...posted.value,
    notes: unasked === undefined ? notes : [...notes, unasked],
    ...fileOf(room, id),
  });
}

/** Members who are named inside the text, but not asked. */
function unaskedNames(room: Context, text: string, asked: readonly string[]): string | undefined {
  const isKnown = (name: string): boolean =>
    name !== room.me && !asked.includes(name) && (room.members.get(name) ?? room.pins.get(name)) !== undefined;
  const names = namesInText(text, isKnown).map((name) => `@${name}`);
  if (names.length === 0) return undefined;
  return `${names.join(" and ")} in the text asks nobody: names that are asked stand first, as in \`say ${names[0]} …\`.`;
}

/** What came of an event that was said already; other words under its id are not sent in its name. */
function saidBefore(
  room: Context,
  own: OwnEvent,
  args: RequestArgs<"say">,
): Result<Results["say"], "reused" | "not-allowed"> {
  if (!isSaying(room, own, args))
    return fail(
      "reused",
      "Something else was said with that key before: nothing was sent. Use a new key for new words.",
    );
  if (own.state === "rejected")
    return fail("not-allowed", `The relay refused it: ${own.reason ?? "it gave no reason"}`);
  const waits = room.outbox.waits(own.id);
  return ok({
    id: own.id,
    thread: own.thread,
    role: own.role,
    to: Object.keys(own.recipients),
    deliveries: deliveriesOf(own),
    state: waits === undefined ? "relayed" : "queued",
    ...(waits === undefined ? {} : { reason: waits }),
    notes: ["This was said before: it was not sent again."],
    ...fileOf(room, own.id),
  });
}

/** Whether an own event says what a request asks to be said, as far as it is still known. */
function isSaying(room: Context, own: OwnEvent, { text, to, channel }: RequestArgs<"say">): boolean {
  const event = wholeOf(room.store, own);
  if (event === undefined) return true;
  const names = (words: readonly string[]): string => [...new Set(words)].sort().join();
  return (
    textOf(event) === text &&
    (to.length === 0 ||
      names(to.map((word) => word.replace(/^@/, "").split("/")[0]!.toLowerCase())) ===
        names(event.head.to.map(({ member }) => member))) &&
    (channel === undefined || channel.replace(/^#/, "").toLowerCase() === event.head.channel)
  );
}

function fileOf(room: Context, id: string): Pick<Results["say"], "file"> {
  const file = room.files.stateOf(id);
  return file === undefined ? {} : { file };
}

interface PlaceInRoom {
  readonly to: readonly Address[];
  readonly notes: readonly string[];
  readonly channel?: string | undefined;
  readonly thread?: string | undefined;
  readonly about?: { readonly how: "answers"; readonly id: string } | undefined;
}

/** To whom and in which thread: as said, else the thread's readers, else the one mention this seat was asked to answer. */
function placeOf(room: Context, args: RequestArgs<"say">, seat: Seat | undefined): Result<PlaceInRoom, Code> {
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
    to = thread.members.filter(
      (m) => m.member !== room.me && room.pins.get(m.member)?.key === (m.key ?? room.pins.get(m.member)?.key),
    );
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
async function inChannel(
  room: Context,
  { via }: RequestArgs<"say">,
  place: PlaceInRoom,
): Promise<Result<Pick<PlaceInRoom, "to" | "notes" | "channel">, Code>> {
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

/** What the words answer is not open any more. */
function answer(
  room: Context,
  waiting: readonly Item[],
  thread: string,
  to: readonly string[],
  role: Role,
  seat: Seat | undefined,
): void {
  for (const { id } of waiting) {
    const item = room.store.state.inbox[id];
    if (item === undefined || item.card !== undefined || item.question === true) continue;
    if (item.thread !== thread || !(to.length === 0 || to.includes(item.from))) continue;
    const another =
      role === "agent" &&
      seat !== undefined &&
      item.lease !== undefined &&
      item.lease.seat !== seat.seat &&
      item.state !== "open";
    if (!another) room.inbox.close(item, item.answers === undefined ? "answered" : "read");
  }
}

async function offer(
  room: Context,
  id: string,
  path: string,
  text: string,
  role: Role,
): Promise<Result<FileOffer, "bad-file" | "disk" | "quota">> {
  const prepared = await room.files.prepare(id, path, role === "agent");
  return prepared.ok ? ok({ ...prepared.value, ...(text === "" ? {} : { text }) }) : prepared;
}

/** The person speaks into a thread; what waits there goes on waiting. */
export async function append(
  room: Context,
  args: RequestArgs<"append">,
  seat: Seat | undefined,
): Promise<Result<Results["append"], Code>> {
  const found = findThread(room.store, args.thread);
  if (!found.ok) return found;
  return say(room, { via: args.via, text: args.text, to: [], thread: found.value.id, id: args.once }, seat, false);
}

/** Its author; the own session that asked its person is told here. */
function rejectedTo(room: Context, { from, question }: Item, key: string | undefined): readonly Address[] {
  if (from === room.me) return question === true ? [{ member: room.me, key: room.myKey }] : [];
  return [{ member: from, ...(key === undefined ? {} : { key }) }];
}

/** Refuses what waits in the inbox, and says so to its author. */
export async function reject(
  room: Context,
  args: RequestArgs<"reject">,
  seat: Seat | undefined,
): Promise<Result<Results["reject"], Code>> {
  const item = findItem(room.store, args.thread);
  if (!item.ok) return item;
  const { id, thread, from } = item.value;
  if (item.value.card !== undefined) {
    // A question of this daemon's own: it is answered with no, and nobody has to be told.
    if (!isPerson(args.via)) return fail("not-allowed", "Whether a chain goes on is for the person to say.");
    room.inbox.close(item.value, "rejected");
    return ok({ thread, id, to: [], state: "relayed" });
  }
  if (item.value.question === true && !isPerson(args.via))
    return fail("not-allowed", "A question to the person is theirs to answer or to refuse.");
  const barred = whyBarred(room, roleOf(args.via));
  if (barred !== undefined) return barred;
  const key = room.pins.get(from)?.key;
  const event = room.events.make({
    role: roleOf(args.via),
    kind: "message",
    to: rejectedTo(room, item.value, key),
    body: rejectionText(args),
    media: TEXT,
    thread,
    about: { how: "rejects", id },
    seat,
    id: args.once,
  });
  const others = item.value.question === true ? [from].filter((name) => name !== room.me) : [from];
  const posted = await post(room, event, others, harmlessLine(event.body, PREVIEW));
  if (!posted.ok) return posted;
  rejected(room, item.value, args);
  return ok({ thread, id: event.head.id, to: [from], state: posted.value.state });
}

/** The words by which something is refused. */
export function rejectionText({ reason = "" }: Pick<RequestArgs<"reject">, "reason">): string {
  return reason.trim() === "" ? "rejected" : reason.trim();
}

/** A refusal is on the disk: what was refused waits no longer. */
export function rejected(room: Context, item: Item, { reason = "" }: Pick<RequestArgs<"reject">, "reason">): void {
  room.files.decline(item.id);
  room.inbox.close(item, "rejected", reason.trim() === "" ? undefined : harmlessLine(reason.trim(), 150));
}
