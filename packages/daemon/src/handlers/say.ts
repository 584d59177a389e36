// `say`: from a wish of a person or a model to an event in the outbox; and its kin `append` and `reject`.
import { basename } from "node:path";
import { type RequestArgs, type Results, roleOf, type Via } from "@agora/ipc";
import {
  type Address,
  byteLength,
  fail,
  type Failure,
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
import type { Item, OwnEvent, Seat } from "@agora/room";
import { fileToSend } from "../files/name.ts";
import { deliveriesOf } from "../outbox.ts";
import { resolveRecipients } from "../recipients.ts";
import type { Room } from "../room.ts";
import { findItem, findThread } from "../thread-lookup.ts";

type Code =
  | "unknown-recipient"
  | "unknown-thread"
  | "ambiguous"
  | "empty"
  | "too-long"
  | "bad-file"
  | "quota"
  | "not-allowed"
  | "disk"
  | "stopped"
  | "key-changed";

/** How long `say` waits for the relay's stamp before it answers `queued`, milliseconds. */
const STAMP_WITHIN_MS = 1_500;
/** An event that waits: the outbox takes no more than so many. */
const MAX_QUEUED = 10_000;
const PREVIEW = 200;

/** Says something; `seat` is the session that speaks, when it is one. `answers`: it closes what it answers in the inbox. */
export async function say(
  room: Room,
  args: RequestArgs<"say">,
  seat: Seat | undefined,
  answers = true,
): Promise<Result<Results["say"], Code>> {
  const role: Role = args.asAgent === true ? "agent" : roleOf(args.via);
  if (args.text.trim() === "" && args.file === undefined)
    return fail("empty", "There is nothing to say: write a text, or give a file with --file.");
  const barred = whyBarred(room, role);
  if (barred !== undefined) return barred;
  const { textBytes } = room.limits();
  const length = byteLength(args.text);
  if (length > textBytes)
    return fail(
      "too-long",
      `The text has ${length} bytes, ${textBytes} are allowed: put it into a file and send that with --file.`,
    );
  if (Object.values(room.store.state.outbox).filter((e) => e.state === "queued").length >= MAX_QUEUED)
    return fail("disk", `${MAX_QUEUED} messages wait for the relay already: nothing was added.`);

  const before = args.id === undefined ? undefined : room.store.state.outbox[args.id];
  if (before !== undefined) return ok(saidBefore(room, before));
  const context = placeOf(room, args, seat);
  if (!context.ok) return context;
  const { to, notes, thread, about } = context.value;
  const id = args.id !== undefined && isId(args.id) ? args.id : newId();
  const file = args.file === undefined ? undefined : await offer(room, id, args.file, args.text, role);
  if (file !== undefined && !file.ok) return file;

  const speaks = role === "agent" ? (seat ?? busiest(room)) : seat;
  const event = room.author.make({
    role,
    to,
    ...(file === undefined
      ? { kind: "message", body: args.text, media: TEXT }
      : { kind: "file", body: JSON.stringify(file.value), media: FILE_OFFER }),
    thread,
    about,
    seat: speaks,
    id,
  });
  // Noted first: who hears of it asks for it at once.
  if (file !== undefined) room.files.offered(id, event.head.thread, file.value, to);
  const names = [...new Set(to.map((a) => a.member))];
  const preview = harmlessLine(args.text === "" && file !== undefined ? file.value.name : args.text, PREVIEW);
  const waiting = Object.values(room.store.state.inbox); // a reply to these very words is not answered by them
  const queued = await room.outbox.queue(
    event,
    names.filter((n) => n !== room.me),
    preview,
  );
  if (!queued.ok) {
    room.files.withdrawn(id);
    return queued;
  }
  if (answers) answer(room, waiting, event.head.thread, names, role, seat);

  await room.outbox.settled(event.head.id, STAMP_WITHIN_MS);
  const own = room.store.state.outbox[event.head.id];
  const waits = room.outbox.waits(event.head.id);
  if (own?.state === "rejected")
    return fail("not-allowed", `The relay refused it: ${own.reason ?? "no reason was given"}`);
  return ok({
    id: event.head.id,
    thread: event.head.thread,
    role,
    to: to.map((a) => a.member + (a.person === true ? "/person" : a.seat === undefined ? "" : `/${a.seat}`)),
    deliveries: own === undefined ? [] : deliveriesOf(own),
    state: waits === undefined ? "relayed" : "queued",
    ...(waits === undefined ? {} : { reason: waits }),
    notes,
    ...fileOf(room, id),
  });
}

/** An operator's stop refuses what is said, and an observer says nothing. [CONTROL-5] */
function whyBarred(room: Room, role: Role): Failure<"stopped" | "not-allowed"> | undefined {
  if (room.grant() === "observer")
    return fail("not-allowed", "You are an observer here: you see the room and say nothing.");
  const brake = room.controls.brake();
  if (brake?.act !== "stop" || (role === "user" && room.mayControl())) return undefined;
  return fail("stopped", `Not sent: ${brake.words}.`);
}

/** What came of an event that was said already. */
function saidBefore(room: Room, own: OwnEvent): Results["say"] {
  const waits = room.outbox.waits(own.id);
  return {
    id: own.id,
    thread: own.thread,
    role: own.role,
    to: Object.keys(own.recipients),
    deliveries: deliveriesOf(own),
    state: waits === undefined ? "relayed" : "queued",
    ...(waits === undefined ? {} : { reason: waits }),
    notes: ["This was said before: it was not sent again."],
    ...fileOf(room, own.id),
  };
}

function fileOf(room: Room, id: string): Pick<Results["say"], "file"> {
  const file = room.files.stateOf(id);
  return file === undefined ? {} : { file };
}

interface PlaceInRoom {
  readonly to: readonly Address[];
  readonly notes: readonly string[];
  readonly thread?: string | undefined;
  readonly about?: { readonly how: "answers"; readonly id: string } | undefined;
}

/** To whom and in which thread: as said, else the thread's readers, else the one mention this seat was asked to answer. */
function placeOf(room: Room, args: RequestArgs<"say">, seat: Seat | undefined): Result<PlaceInRoom, Code> {
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
  if (args.thread === undefined && asked === undefined) return ok({ to, notes });
  const found = asked === undefined ? findThread(room.store, args.thread!) : findThread(room.store, asked.thread);
  if (!found.ok) return found;
  const { id, thread } = found.value;
  if (to.length === 0)
    to = thread.members.filter(
      (m) => m.member !== room.me && room.pins.get(m.member)?.key === (m.key ?? room.pins.get(m.member)?.key),
    );
  if (to.length === 0 && thread.members.length > 0)
    return fail("unknown-recipient", "Nobody else is in this thread: address a member.");
  const item = asked ?? Object.values(room.store.state.inbox).findLast((i) => i.thread === id);
  const answered = item?.id ?? (thread.lastFrom === room.me ? undefined : thread.lastId);
  return ok({
    to,
    notes,
    thread: id,
    ...(answered === undefined ? {} : { about: { how: "answers" as const, id: answered } }),
  });
}

/** The mention a seat was asked to answer, when it speaks to exactly that author and names no thread. */
function askedBy(room: Room, seat: Seat, to: readonly Address[]): Item | undefined {
  const items = Object.values(room.store.state.inbox).filter(
    (i) => i.state !== "open" && i.answers === undefined && i.handed?.seat === seat.seat,
  );
  const from = items.filter((i) => to.length === 1 && i.from === to[0]!.member);
  return from.length === 1 ? from[0] : undefined;
}

/** What the words answer is not open any more. */
function answer(
  room: Room,
  waiting: readonly Item[],
  thread: string,
  to: readonly string[],
  role: Role,
  seat: Seat | undefined,
): void {
  for (const { id } of waiting) {
    const item = room.store.state.inbox[id];
    if (item === undefined || item.card !== undefined) continue;
    if (item.thread !== thread || !(to.length === 0 || to.includes(item.from))) continue;
    const another =
      role === "agent" &&
      seat !== undefined &&
      item.lease !== undefined &&
      item.lease.seat !== seat.seat &&
      item.state !== "open";
    if (!another) room.attention.close(item, item.answers === undefined ? "answered" : "read");
  }
}

/** The seat an agent's shell speaks for when it can't be told: the one whose chain is longest, so that no bound is evaded. */
function busiest(room: Room): Seat | undefined {
  return Object.values(room.store.state.seats)
    .filter((s) => !s.ended)
    .sort((a, b) => b.hop - a.hop)[0];
}

async function offer(
  room: Room,
  id: string,
  path: string,
  text: string,
  role: Role,
): Promise<Result<FileOffer, "bad-file" | "disk" | "quota">> {
  const real = await fileToSend(room.project, path, role === "agent");
  if (!real.ok) return real;
  const name = basename(real.value).slice(0, 255);
  const prepared = await room.files.prepare(id, name, real.value);
  if (!prepared.ok) return prepared;
  return ok({ name, ...prepared.value, ...(text === "" ? {} : { text }) });
}

/** Whether the way in carries a person's own words. */
export function isPerson(via: Via): boolean {
  return roleOf(via) === "user";
}

/** The person speaks into a thread; what waits there goes on waiting. */
export async function append(
  room: Room,
  args: RequestArgs<"append">,
  seat: Seat | undefined,
): Promise<Result<Results["append"], Code>> {
  if (!isPerson(args.via)) return fail("not-allowed", "Only the person may append as themselves: an agent uses say.");
  const found = findThread(room.store, args.thread);
  if (!found.ok) return found;
  return say(room, { via: args.via, text: args.text, to: [], thread: found.value.id }, seat, false);
}

/** Refuses what waits in the inbox, and says so to its author. */
export async function reject(
  room: Room,
  args: RequestArgs<"reject">,
  seat: Seat | undefined,
): Promise<Result<Results["reject"], Code>> {
  const item = findItem(room.store, args.thread);
  if (!item.ok) return item;
  const { id, thread, from } = item.value;
  if (item.value.card !== undefined) {
    // A question of this daemon's own: it is answered with no, and nobody has to be told.
    if (!isPerson(args.via)) return fail("not-allowed", "Whether a chain goes on is for the person to say.");
    room.attention.close(item.value, "rejected");
    return ok({ thread, id, to: [], state: "relayed" });
  }
  const barred = whyBarred(room, roleOf(args.via));
  if (barred !== undefined) return barred;
  const key = room.pins.get(from)?.key;
  const reason = args.reason?.trim() ?? "";
  const event = room.author.make({
    role: roleOf(args.via),
    kind: "message",
    to: from === room.me ? [] : [{ member: from, ...(key === undefined ? {} : { key }) }],
    body: reason === "" ? "rejected" : reason,
    media: TEXT,
    thread,
    about: { how: "rejects", id },
    seat,
  });
  const queued = await room.outbox.queue(event, [from], harmlessLine(event.body, PREVIEW));
  if (!queued.ok) return queued;
  room.files.decline(id);
  room.attention.close(item.value, "rejected", reason === "" ? undefined : harmlessLine(reason, 150));
  await room.outbox.settled(event.head.id, STAMP_WITHIN_MS);
  return ok({
    thread,
    id: event.head.id,
    to: [from],
    state: room.outbox.waits(event.head.id) === undefined ? "relayed" : "queued",
  });
}
