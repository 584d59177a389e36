// `say`: from a wish of a person or a model to an event in the outbox; and `append`, the person's word into a thread.
import { type RequestArgs, type Results, roleOf } from "@agora/ipc/messages";
import {
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
import { deliveriesOf, wholeOf } from "../kernel/outbox/own-event.ts";
import { post } from "../kernel/post.ts";
import { findThread } from "../kernel/thread-lookup.ts";
import { busiest } from "../seats/busiest.ts";
import { namesInText } from "./names-in-text.ts";
import type { Context } from "./context.ts";
import { inChannel, placeOf, type SayCode } from "./place-in-room.ts";

/** An event that waits: the outbox takes no more than so many. */
const MAX_QUEUED = 10_000;
/** How much of a text a delivery shows, characters. */
export const PREVIEW_CHARS = 200;

/** Says something; `seat` is the session that speaks, when it is one. `answers`: it closes what it answers in the inbox. */
export async function say(
  room: Context,
  args: RequestArgs<"say">,
  seat: Seat | undefined,
  answers = true,
): Promise<Result<Results["say"], SayCode>> {
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
  const preview = harmlessLine(args.text === "" && file !== undefined ? file.value.name : args.text, PREVIEW_CHARS);
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

/** Whether an event of our own says what a request asks to be said, as far as it is still known. */
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

/** What the words answer is not open any more. */
export function answer(
  room: Context,
  waiting: readonly Item[],
  thread: string,
  to: readonly string[],
  role: Role,
  seat: Seat | undefined,
): void {
  for (const { id } of waiting) {
    const item = room.store.state.inbox[id];
    if (item === undefined || (item.card ?? item.note) !== undefined || item.question === true) continue;
    if (item.thread !== thread || !(to.length === 0 || to.includes(item.from))) continue;
    const another =
      role === "agent" &&
      seat !== undefined &&
      item.handler !== undefined &&
      item.handler.seat !== seat.seat &&
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
): Promise<Result<Results["append"], SayCode>> {
  const found = findThread(room.store, args.thread);
  if (!found.ok) return found;
  return say(room, { via: args.via, text: args.text, to: [], thread: found.value.id, id: args.once }, seat, false);
}
