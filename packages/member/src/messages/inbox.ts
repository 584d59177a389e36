// The inbox as surfaces see it: what waits, handing it over, waiting for more.
import type { InboxItem, RequestArgs, Results } from "@agora/ipc";
import { fail, ok, type OpenEvent, type Result } from "@agora/protocol";
import { textOf } from "../kernel/record.ts";
import type { Seat } from "../seats/fold.ts";
import { type Item, waitsForPerson } from "../inbox/fold.ts";
import { isHeldByBudget } from "../inbox/reply-limits.ts";
import { withQuestion } from "../questions/line.ts";
import { outcomeWords } from "../questions/keeper.ts";
import { eventOfItem } from "../seats/handing.ts";
import { recordToLine } from "../kernel/line.ts";
import { findItem, searchedBack } from "../kernel/thread-lookup.ts";
import { cardOf, cardText } from "../chains/requests.ts";
import { isPerson } from "../controls/permissions.ts";
import type { Context } from "./context.ts";

/** Lines of the thread that come along with an accepted item, and lines of history read for them. */
const MAX_THREAD_LINES = 20;
/** Of the end of the history, bytes. */
const MAX_THREAD_BYTES = 16 * 1024 * 1024;

/** An item as surfaces show it. */
export function toInboxItem(room: Context, item: Item): InboxItem {
  const event = eventOfItem(room.store, item);
  const file = room.files.stateOf(item.id);
  const seat = item.handler?.seat ?? item.seat;
  return {
    thread: item.thread,
    id: item.id,
    from: item.from,
    role: item.role,
    text: textOfItem(room, item, event),
    ...cardOf(room, item),
    ...questionOf(room, item),
    at: item.at,
    state: item.state,
    ...(waitsForPerson(item) ? { waits: true } : {}),
    ...(seat === undefined ? {} : { seat }),
    ...(item.reason === undefined ? {} : { reason: item.reason }),
    ...(item.answers === undefined ? {} : { answers: item.answers }),
    ...(item.answers !== undefined && event?.head.about?.how === "rejects" ? { rejected: true } : {}),
    ...(event?.head.channel === undefined ? {} : { channel: event.head.channel }),
    ...(file === undefined ? {} : { file }),
  };
}

function textOfItem(room: Context, item: Item, event: OpenEvent | undefined): string {
  if (item.card !== undefined) return cardText(room, item);
  if (item.over !== undefined) return item.over;
  if (item.note !== undefined) return item.note.words;
  const now = item.outcome === true && item.answers !== undefined ? room.questions.standing(item.answers) : undefined;
  if (now?.answer?.id === item.id) return outcomeWords(now);
  if (event !== undefined) return textOf(event);
  return item.question === true ? (room.questions.standing(item.id)?.question.form.text ?? "") : "";
}

/** The form of a question that waits for the person. */
function questionOf(room: Context, item: Item): Pick<InboxItem, "kind" | "question"> {
  const now = item.question === true ? room.questions.standing(item.id) : undefined;
  return now === undefined ? {} : { kind: "question", question: room.questions.state(now) };
}

/** Open items; a model is shown only what is not for the person alone. A person who looks has read what needs no answer. [ADDRESS-2] */
export function inbox(room: Context, args: RequestArgs<"inbox">): Results["inbox"] {
  room.inbox.tick();
  const items = Object.values(room.store.state.inbox).filter((i) => i.person !== true || isPerson(args.via));
  const shown = items.map((item) => toInboxItem(room, item));
  if (isPerson(args.via) && args.peek !== true)
    for (const item of items)
      if (item.answers !== undefined && item.state === "open" && !isHeldByBudget(item)) room.inbox.seen(item);
  return { items: shown };
}

/** The person hands an item to a seat: to the session they typed in, else to the next that can be reached. */
export function accept(
  room: Context,
  args: RequestArgs<"accept">,
  seat: Seat | undefined,
): Result<Results["accept"], "unknown-thread" | "ambiguous" | "not-allowed"> {
  room.inbox.tick(); // what is too late is handed to nobody [EVENT-10]
  const found = findItem(room.store, args.thread);
  if (!found.ok) return acceptFile(room, args.thread) ?? found;
  const item = found.value;
  if (item.card !== undefined)
    return fail("not-allowed", "This asks whether a chain shall go on: say `more` for that thread, or `reject`.");
  if (item.note !== undefined)
    return fail("not-allowed", "This is for you to do, and for no agent; `reject` takes it off the list.");
  if (item.question === true)
    return fail(
      "not-allowed",
      `This is a question to you: answer it with \`answer ${item.id.slice(0, 8)}\`, or \`reject\` it.`,
    );
  for (const file of room.files.waiting()) if (file.thread === item.thread) room.files.accept(file.id);
  // The answer to the command shows it to that session: it is given before anybody looks whom to wake.
  room.inbox.accept(item, seat?.seat, args.extra, () => {
    if (seat !== undefined) room.seats.giveAccepted(seat.seat, item.id);
  });
  // What else waits in the thread was asked before it, and goes along.
  const others = Object.values(room.store.state.inbox).filter(
    ({ id, thread, state, answers, card, note, question }) =>
      thread === item.thread &&
      id !== item.id &&
      state === "open" &&
      (answers ?? card ?? note) === undefined &&
      question !== true,
  );
  for (const other of others)
    room.inbox.accept(other, seat?.seat, undefined, () => {
      if (seat !== undefined) room.seats.giveAccepted(seat.seat, other.id);
    });
  const now = (one: Item): InboxItem => toInboxItem(room, room.store.state.inbox[one.id] ?? one);
  return ok({
    item: now(item),
    ...(others.length === 0 ? {} : { others: others.map(now) }),
    lines: threadLines(room, item.thread),
    ...(args.extra === undefined ? {} : { extra: args.extra }),
    ...(seat === undefined ? {} : { seat: seat.seat }),
  });
}

/** A file that waits and is not an item of the inbox: offered to the whole room, or answered already. It is only fetched. */
function acceptFile(
  room: Context,
  prefix: string,
): Result<Results["accept"], "unknown-thread" | "ambiguous"> | undefined {
  const word = prefix.replace(/^#/, "").toLowerCase();
  const all = room.files.waiting();
  const hits = word === "last" ? all.slice(-1) : all.filter((f) => f.id.startsWith(word) || f.thread.startsWith(word));
  if (new Set(hits.map(({ thread }) => thread)).size > 1)
    return fail("ambiguous", `"${prefix}" is the beginning of ${hits.length} files that wait: give more letters.`);
  for (const { id } of hits) room.files.accept(id);
  const newest = hits.at(-1);
  const record = newest === undefined ? undefined : room.store.state.files[newest.id];
  if (newest === undefined || record === undefined) return undefined;
  const lines = threadLines(room, newest.thread);
  const line = lines.findLast(({ id }) => id === newest.id);
  const file = room.files.stateOf(newest.id);
  return ok({
    item: {
      ...newest,
      from: record.author,
      role: line?.role ?? "agent",
      text: line?.text ?? "",
      at: record.at,
      state: "accepted",
      ...(file === undefined ? {} : { file }),
    },
    lines,
    fileOnly: true,
  });
}

function threadLines(room: Context, thread: string): Results["accept"]["lines"] {
  const lines = [];
  for (const { value } of searchedBack(room.store, [`"thread":"${thread}`], MAX_THREAD_BYTES)) {
    if (lines.length >= MAX_THREAD_LINES) break;
    if (value.thread !== thread) continue;
    const line = recordToLine(value, room.me, (id) => room.files.stateOf(id));
    if (line !== undefined) lines.push(withQuestion(line, room.store, room.roomTime.now(), room.me));
  }
  return lines.reverse();
}
