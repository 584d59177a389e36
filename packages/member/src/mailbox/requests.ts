// What the mailbox's requests do. Everything goes through the seat that asks: what it was given counts as handed, and its hop
// carries over to what the seat says next.
import type { MailItem, PlacedLine, Results, Session } from "@agora/ipc";
import { type RequestArgs, roleOf } from "@agora/ipc/messages";
import { type Head, isForPersonAlone, kindOf } from "@agora/protocol";
import type { Inbox } from "../inbox/feature.ts";
import { type Item, mayReach } from "../inbox/fold.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { toLine } from "../kernel/line.ts";
import { eventOf, type HistoryRecord, isRestamp, offerOf, readHeadOf } from "../kernel/record.ts";
import type { Seat } from "../seats/fold.ts";

/** What these requests use. */
export interface Context extends Kernel {
  readonly inbox: Inbox;
}

/** Text in one answer of a list that continues, characters. */
const MAX_ANSWER_CHARS = 4 * 1024 * 1024;
/** After this long without anything handed over, what a seat says begins a new chain. */
const CHAIN_REST_MS = 10 * 60_000;

/** The items that the asker may be given, in order of arrival. */
function itemsFor(room: Context, seat: string | undefined, { via }: Pick<RequestArgs<"mail">, "via">): readonly Item[] {
  return Object.values(room.store.state.inbox)
    .filter((item) => roleOf(via) === "user" || mayReach(item, seat ?? ""))
    .sort((a, b) => a.position - b.position);
}

/** The brake that keeps an item from being acted on automatically. A person decides anyway. */
function heldBy(item: Item): string | undefined {
  return item.state === "open" && item.answers === undefined ? item.reason : undefined;
}

/** What waits for a seat after a position; nothing is handed by this. */
export function mail(room: Context, seat: string | undefined, args: RequestArgs<"mail">): Results["mail"] {
  const all = itemsFor(room, seat, args);
  const behind = all.filter((item) => item.position >= args.after);
  const free = all.filter((item) => heldBy(item) === undefined);
  const items: MailItem[] = [];
  let size = 0;
  let next = args.after;
  for (const item of behind) {
    if (items.length >= args.limit) break;
    const record = room.store.at(item.position);
    const placed = record === undefined ? undefined : place(room, record, item.position);
    if (placed !== undefined) {
      size += placed.line.text.length;
      if (items.length > 0 && size > MAX_ANSWER_CHARS) break;
      const held = heldBy(item);
      items.push({
        ...placed,
        ...(item.answers === undefined ? {} : { answers: item.answers }),
        ...(held === undefined ? {} : { held }),
        again: item.handed !== undefined,
      });
    }
    next = item.position + 1;
  }
  return {
    items,
    next,
    more: behind.some((item) => item.position >= next),
    due: free.filter((item) => item.position >= args.after).length,
    unread: free.filter((item) => item.handed === undefined).length,
    end: room.store.history.end,
  };
}

/** The lines after a position; reads no more than it returns. */
export function lines(room: Context, { via, after, limit }: RequestArgs<"lines">): Results["lines"] {
  const { history } = room.store;
  const found: PlacedLine[] = [];
  let size = 0;
  let next = after;
  for (const { position, value } of history.from(after)) {
    if (found.length >= limit || size > MAX_ANSWER_CHARS) return { lines: found, next, more: true, end: history.end };
    next = position + 1;
    if (isRestamp(value)) continue;
    const placed = place(room, value, position);
    if (placed === undefined || (roleOf(via) !== "user" && isForPersonAlone(value.to, room.me))) continue;
    size += placed.line.text.length;
    found.push(placed);
  }
  return { lines: found, next: Math.max(next, after), more: false, end: history.end };
}

/** Undefined if the record isn't a line (it is silent) or was damaged. */
function place(room: Context, record: HistoryRecord, position: number): PlacedLine | undefined {
  const event = kindOf(record.kind).silent === true ? undefined : eventOf(record);
  if (event === undefined) return undefined;
  const offer = offerOf(event);
  return {
    position,
    line: toLine(event, record.at, room.me, record.stamp),
    ...(offer === undefined ? {} : { offer: { name: offer.name, size: offer.size, sha256: offer.sha256 } }),
  };
}

/** Records that a seat was given these lines. Items are handed once only: a client polling every second must not fill the journal. */
export function taken(room: Context, seat: Seat, positions: readonly number[]): void {
  let highest: Pick<Head, "hop" | "chain"> | undefined;
  for (const position of positions) {
    const record = room.store.at(position);
    const head = record === undefined ? undefined : readHeadOf(record);
    if (head === undefined || head.author === room.me) continue;
    const item = room.store.state.inbox[head.id];
    if (item !== undefined && item.handed === undefined) room.inbox.handed(item, seat.seat, "tool");
    const given = item ?? head;
    if (highest === undefined || given.hop > highest.hop) highest = given;
  }
  if (highest === undefined || highest.hop <= seat.hop) return;
  const { hop, chain } = highest;
  room.store.in({ op: "shown", at: room.clock.now(), seat: seat.seat, ordinal: seat.handed, hop, chain });
}

/** Marks as seen what waits for the asker before a position. */
export function acknowledge(room: Context, seat: Seat, args: RequestArgs<"acknowledge">): void {
  for (const item of itemsFor(room, seat.seat, args))
    if (item.position < args.before && item.seen !== true) room.inbox.seen(item);
}

/** Lets what the seat says next begin a chain of its own, if it was given nothing for long enough. */
export function newChain(room: Context, { seat, hop, at }: Seat): void {
  const now = room.clock.now();
  if (hop >= 0 && now - at > CHAIN_REST_MS) room.store.in({ op: "typed", at: now, seat });
}

/** Pushes to the session from now on, until it ends, that something is new. */
export function follow(room: Context, session: Session): Results["follow"] {
  const grown = (): void => session.push({ push: "grown", end: room.store.history.end });
  session.onClose(room.on.line(grown));
  session.onClose(room.on.inbox(() => session.push({ push: "inbox" })));
  session.onClose(room.on.connection(() => session.push({ push: "connection", connection: room.connection() })));
  return { end: room.store.history.end, connection: room.connection() };
}
