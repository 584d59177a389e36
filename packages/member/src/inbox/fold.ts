// The inbox: events addressed to this member that wait for a person or a seat. A fold over inbox.jsonl. One seat at a time is
// the handler of an item, which is handed (shown), seen (the model gave a sign), and closed when answered, rejected, expired or read.
import type { Role } from "@agora/protocol";

/** Why an item was closed. */
export type Closing = "answered" | "rejected" | "expired" | "read";

/** By which way a seat gets an item; the numbers of the wake ladder. */
export type WakeMethod = "wake" | "stop" | "prompt" | "tool";

export interface Item {
  readonly id: string;
  readonly thread: string;
  /** The channel it was said in. */
  readonly channel?: string;
  readonly from: string;
  /** The author's key; not there for what the daemon itself asks, and for items of earlier versions. */
  readonly key?: string;
  readonly role: Role;
  readonly at: number;
  readonly hop: number;
  readonly chain: string;
  /** Position of the event in the history; `NOWHERE` for what is not there, or not yet. */
  readonly position: number;
  /** The seat or the person it is meant for, when not the member at large. */
  readonly seat?: string;
  readonly person?: true;
  /** Not to be handed to a model after this, by the relay's clock. [EVENT-10] */
  readonly expires?: number;
  /** The event of ours that it answers: it needs no accept and closes when seen. */
  readonly answers?: string;
  readonly state: "open" | "auto" | "accepted";
  readonly reason?: string;
  readonly extra?: string;
  /** Who is handling it now. */
  readonly handler?: { readonly seat: string; readonly rung: WakeMethod; readonly at: number };
  /** How it was shown: to whom, when, how often. */
  readonly handed?: { readonly seat: string; readonly at: number; readonly times: number; readonly rung: WakeMethod };
  readonly seen?: true;
  /** A Stop already asked for an answer. */
  readonly nudged?: true;
  /** From when on its age counts, when a person let it go on. */
  readonly since?: number;
  /** A question to the person: the answer is picked or written, not a reply. */
  readonly question?: true;
  /** A person's answer to a question of this seat: it is asked of the seat, also at the end of its turn. */
  readonly outcome?: true;
  /** The time of a question of our own is over: the daemon's own words to the seat that asked. */
  readonly over?: string;
  /** The daemon's own words to its person, and the key of whom they are about; the person acts, or takes them off the list. */
  readonly note?: { readonly words: string; readonly key: string };
  /** The daemon's own question to its person: shall the chain go on? */
  readonly card?: {
    readonly turns: number;
    readonly limit: number;
    readonly path: readonly string[];
    readonly pattern?: string;
  };
}

export type InboxRecord =
  | { readonly op: "add"; readonly item: Item }
  | { readonly op: "wait"; readonly at: number; readonly id: string; readonly reason: string }
  | { readonly op: "again"; readonly at: number; readonly id: string }
  | {
      readonly op: "handle";
      readonly at: number;
      readonly id: string;
      readonly seat: string;
      readonly rung: WakeMethod;
    }
  | { readonly op: "free"; readonly at: number; readonly id: string; readonly why: string }
  | {
      readonly op: "handed";
      readonly at: number;
      readonly id: string;
      readonly seat: string;
      readonly rung: WakeMethod;
    }
  | { readonly op: "seen"; readonly at: number; readonly id: string }
  | { readonly op: "nudged"; readonly at: number; readonly id: string }
  | { readonly op: "accept"; readonly at: number; readonly id: string; readonly seat?: string; readonly extra?: string }
  | { readonly op: "close"; readonly at: number; readonly id: string; readonly how: Closing };

/** Open items by id, oldest first; plain JSON. */
export type Inbox = Record<string, Item>;

/** Open items kept; beyond, one of the author with the most expires. */
export const MAX_ITEMS = 1_000;
/** And of those of strangers, all together, before anybody's else goes. */
export const MAX_STRANGERS_ITEMS = 500;
/** How long a seat stays the handler of an item without a sign, milliseconds. */
export const HANDLER_MS = 30_000;

/** Folds one record into the inbox, in place. Records about items that are closed change nothing. */
export function foldInbox(inbox: Inbox, record: InboxRecord): Inbox {
  if (record.op === "add") {
    inbox[record.item.id] ??= record.item;
    return inbox;
  }
  const item = inbox[record.id];
  if (item === undefined) return inbox;
  if (record.op === "close") delete inbox[record.id];
  else inbox[record.id] = advance(item, record);
  return inbox;
}

function advance(item: Item, record: Exclude<InboxRecord, { op: "add" | "close" }>): Item {
  switch (record.op) {
    case "wait": {
      const { handler: _, ...rest } = item;
      return { ...rest, state: "open", reason: record.reason };
    }
    case "again": {
      // What had held it back is over: it is for a seat once more, as if it had come now.
      const { handler: _, handed: __, seen: ___, nudged: ____, reason: _____, ...rest } = item;
      return { ...rest, state: "auto", since: record.at };
    }
    case "handle":
      return { ...item, handler: { seat: record.seat, rung: record.rung, at: record.at } };
    case "free": {
      const { handler: _, ...rest } = item;
      return rest;
    }
    case "handed":
      return {
        ...item,
        handed: { seat: record.seat, at: record.at, times: (item.handed?.times ?? 0) + 1, rung: record.rung },
        handler: { seat: record.seat, rung: record.rung, at: record.at },
      };
    case "seen":
      return { ...item, seen: true };
    case "nudged":
      return { ...item, nudged: true };
    case "accept": {
      // An accepted item is handed anew, as asked of the seat now.
      const { handler: _, handed: __, seen: ___, nudged: ____, reason: _____, ...rest } = item;
      return {
        ...rest,
        state: "accepted",
        ...(record.seat === undefined ? {} : { seat: record.seat }),
        ...(record.extra === undefined ? {} : { extra: record.extra }),
      };
    }
  }
}

/**
 * The item that has to go, when there are too many: nobody's are pushed out by another's many, nor by the one each of many strangers.
 * Of strangers who have as many, who came last pays: what waits longer is not pushed out by names that cost nothing.
 */
export function leastNeeded(inbox: Inbox, isStranger: (item: Item) => boolean): Item | undefined {
  const all = Object.values(inbox);
  const strangers = all.filter(isStranger);
  if (strangers.length > MAX_STRANGERS_ITEMS) return ofWhoHasMost(strangers, (a, b) => a >= b);
  return all.length > MAX_ITEMS ? ofWhoHasMost(all, (a, b) => a > b) : undefined;
}

function ofWhoHasMost(items: readonly Item[], isMore: (a: number, b: number) => boolean): Item | undefined {
  const byAuthor = new Map<string, Item[]>();
  for (const item of items) {
    const own = byAuthor.get(item.from);
    if (own === undefined) byAuthor.set(item.from, [item]);
    else own.push(item);
  }
  return [...byAuthor.values()].reduce<Item[]>((a, b) => (isMore(b.length, a.length) ? b : a), [])[0];
}

/** Whether the time for an item is over, at `now` by the relay's clock. [EVENT-10] */
export function isExpired(item: Pick<Item, "expires">, now: number): boolean {
  return item.expires !== undefined && now > item.expires;
}

/** Whether a seat may be given this item at all. [ADDRESS-2] */
export function mayReach(item: Item, seat: string): boolean {
  return item.person !== true && (item.seat === undefined || item.seat === seat);
}

/** A clock that runs a little after another part of this machine looked at it was not set. */
const NOT_SET_MS = 60_000;

/** How long ago something was by this machine's clock; since one that was set back tells nothing, longer than anything. */
export function ageOf(at: number, now: number): number {
  return now < at - NOT_SET_MS ? Infinity : Math.max(0, now - at);
}

/** Whether another seat holds the item now: it saw it, its time as the handler has not run out, or its turn is still under way. */
export function isHeldByOther(item: Item, seat: string, now: number, isBusy: (seat: string) => boolean): boolean {
  if (item.handler === undefined || item.handler.seat === seat) return false;
  return (
    item.seen === true ||
    ageOf(item.handler.at, now) < HANDLER_MS ||
    (item.handed !== undefined && isBusy(item.handler.seat))
  );
}

/**
 * Whether an item waits for the person: no seat handles it, and it is no answer, which only wants to be read. Every count of
 * what waits is of these.
 */
export function waitsForPerson({ state, answers }: Pick<Item, "state" | "answers">): boolean {
  return state === "open" && answers === undefined;
}

/** Whether a seat has to act on it: automatic mode, or accepted by the person. */
export function isAsked(item: Item): boolean {
  return item.state !== "open";
}

/** Shown before, without a sign that the model saw it, and only once so far. */
export function isToShowAgain(item: Item): boolean {
  return item.handed !== undefined && item.seen !== true && item.handed.times < 2;
}
