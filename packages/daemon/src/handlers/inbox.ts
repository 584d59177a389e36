// The inbox as surfaces see it: what waits, handing it over, waiting for more.
import { type InboxItem, type RequestArgs, type Results } from "@agora/ipc";
import { fail, ok, type Result } from "@agora/protocol";
import { isRestamp, type Item, type Seat, textOf } from "@agora/room";
import type { Room } from "../room.ts";
import { eventOfItem } from "../seats.ts";
import { recordToLine } from "../talk.ts";
import { findItem } from "../thread-lookup.ts";
import { isPerson } from "./say.ts";

/** Lines of the thread that come along with an accepted item, and lines of history read for them. */
const MAX_THREAD_LINES = 20;
const MAX_READ = 5_000;

/** An item as surfaces show it. */
export function toInboxItem(room: Room, item: Item): InboxItem {
  const event = eventOfItem(room.store, item);
  const file = room.receiving.stateOf(item.id);
  const seat = item.lease?.seat ?? item.seat;
  return {
    thread: item.thread,
    id: item.id,
    from: item.from,
    role: item.role,
    text: event === undefined ? "" : textOf(event),
    at: item.at,
    state: item.state,
    ...(seat === undefined ? {} : { seat }),
    ...(item.reason === undefined ? {} : { reason: item.reason }),
    ...(item.answers === undefined ? {} : { answers: item.answers }),
    ...(file === undefined ? {} : { file }),
  };
}

/** Open items; a model is shown only what is not for the person alone. A person who looks has read what needs no answer. [ADDRESS-2] */
export function inbox(room: Room, args: RequestArgs<"inbox">): Results["inbox"] {
  room.attention.tick();
  const items = Object.values(room.store.state.inbox).filter((i) => i.person !== true || isPerson(args.via));
  const shown = items.map((item) => toInboxItem(room, item));
  if (isPerson(args.via)) for (const item of items) if (item.answers !== undefined && item.state === "open") room.attention.seen(item);
  return { items: shown };
}

/** The person hands an item to a seat: to the session they typed in, else to the next that can be reached. */
export function accept(
  room: Room,
  args: RequestArgs<"accept">,
  seat: Seat | undefined,
): Result<Results["accept"], "unknown-thread" | "ambiguous" | "not-allowed"> {
  if (!isPerson(args.via)) return fail("not-allowed", "Only the person accepts: ask them to type the accept command.");
  room.attention.tick(); // what is too late is handed to nobody [EVENT-10]
  const found = findItem(room.store, args.thread);
  if (!found.ok) return found;
  const item = found.value;
  room.attention.accept(item, seat?.seat, args.extra);
  if (seat !== undefined) room.seats.giveAccepted(seat.seat, item.id);
  const now = room.store.state.inbox[item.id] ?? item;
  return ok({
    item: toInboxItem(room, now),
    lines: threadLines(room, item.thread),
    ...(args.extra === undefined ? {} : { extra: args.extra }),
    ...(seat === undefined ? {} : { seat: seat.seat }),
  });
}

function threadLines(room: Room, thread: string): Results["accept"]["lines"] {
  const lines = [];
  let read = 0;
  for (const { value } of room.store.history.back()) {
    if ((read += 1) > MAX_READ || lines.length >= MAX_THREAD_LINES) break;
    if (isRestamp(value) || value.thread !== thread) continue;
    const line = recordToLine(value, room.me, (id) => room.receiving.stateOf(id));
    if (line !== undefined) lines.push(line);
  }
  return lines.reverse();
}

/** Blocks until something addresses this member (or the asking seat); nothing is handed by it. */
export function wait(
  room: Room,
  args: RequestArgs<"wait">,
  seat: Seat | undefined,
  ended: (fn: () => void) => void,
): Promise<Results["wait"]> {
  const due = (): readonly InboxItem[] =>
    Object.values(room.store.state.inbox)
      .filter(
        (item) =>
          item.handed === undefined &&
          (seat === undefined || item.seat === undefined || item.seat === seat.seat) &&
          (item.person !== true || isPerson(args.via)),
      )
      .map((item) => toInboxItem(room, item));
  const now = due();
  if (now.length > 0 || args.timeoutS === 0) return Promise.resolve({ items: now, timedOut: now.length === 0 });
  return new Promise((resolve) => {
    const finish = (items: readonly InboxItem[]): void => {
      off();
      cancel();
      resolve({ items, timedOut: items.length === 0 });
    };
    const off = room.onInbox(() => {
      const items = due();
      if (items.length > 0) finish(items);
    });
    const cancel = room.clock.after(args.timeoutS * 1000, () => finish([]));
    ended(() => finish([]));
  });
}
