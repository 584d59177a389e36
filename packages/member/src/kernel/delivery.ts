// One's own events on their way: a fold over outbox.jsonl. Waiting for the relay's stamp first, then per recipient from
// relayed to answered. Open ones are all kept, finished ones only the latest.
import { advances, type DeliveryState, isFinal, type Role, type SignedEvent } from "@agora/protocol";

/** Where an event is for one recipient. */
export interface Recipient {
  readonly state: DeliveryState;
  readonly reason?: string;
  readonly seat?: string;
  readonly at: number;
  /** Its author waits no longer for it: the end is the author's own, and any word of the recipient says more. */
  readonly gaveUp?: true;
}

/** The position of what stands in no history, or not yet. */
export const NOWHERE = -1;

/** One own event. `sealed` is there until the relay stamped it; afterwards it is in the history at `position`. */
export interface OwnEvent {
  readonly id: string;
  readonly thread: string;
  readonly role: Role;
  readonly at: number;
  readonly preview: string;
  readonly state: "queued" | "relayed" | "rejected";
  readonly reason?: string;
  readonly stamp?: string;
  readonly position?: number;
  readonly sealed?: SignedEvent;
  readonly recipients: Readonly<Record<string, Recipient>>;
}

export type OutboxRecord =
  | {
      readonly op: "queue";
      readonly at: number;
      readonly id: string;
      readonly thread: string;
      readonly role: Role;
      readonly preview: string;
      readonly to: readonly string[];
      readonly sealed: SignedEvent;
      /** By how much the relay's clock was ahead then, milliseconds, where that is known and something. */
      readonly clockOff?: number;
    }
  | {
      readonly op: "stamp";
      readonly at: number;
      readonly id: string;
      readonly stamp: string;
      readonly position: number;
      readonly missed: readonly string[];
    }
  | {
      readonly op: "refuse";
      readonly at: number;
      readonly id: string;
      readonly reason: string;
      /** A question whose time was over before it was sent: it was asked, and nobody answered. */
      readonly over?: true;
    }
  | {
      readonly op: "receipt";
      readonly at: number;
      readonly id: string;
      readonly member: string;
      readonly state: DeliveryState;
      readonly reason?: string;
      readonly seat?: string;
      readonly gaveUp?: true;
    };

/** Own events by id, in the order they were said; plain JSON. */
export type Outbox = Record<string, OwnEvent>;

/** Finished events that `status` still knows. */
export const MAX_FINISHED = 500;
/** Own events kept that were given up: they are the oldest, and their author is to read of them. */
const MAX_GIVEN_UP = 500;
/** Unfinished own events kept that are in all their recipients' journals; beyond, the oldest is not followed any further. */
export const MAX_DELIVERED = 2_000;
/** All are looked at when their number is a multiple of this: so many more may be there, and not each saying pays for it. */
const FORGET_EVERY = 50;

/**
 * How far an event is as a whole: `open` while it waits for the relay or for somebody's journal; `finished` when nothing more
 * can come, as for a broadcast that is stamped; `delivered` in between; `given-up` when its author waits no longer.
 */
export type Stage = "open" | "delivered" | "finished" | "given-up";

/** The stage of an event of our own. */
export function stageOf(event: OwnEvent): Stage {
  if (event.state !== "relayed") return event.state === "queued" ? "open" : "finished";
  const recipients = Object.values(event.recipients);
  if (recipients.some(isUndelivered)) return "open";
  if (recipients.some((r) => r.gaveUp === true)) return "given-up";
  return recipients.every((r) => isFinal(r.state)) ? "finished" : "delivered";
}

/** Whether the author must still keep the event for somebody: not stamped, or not in a recipient's journal. */
export function isUndelivered(recipient: Recipient): boolean {
  return recipient.state === "queued" || recipient.state === "relayed";
}

/** Where an event is for a member; undefined when it was not addressed to it, whatever the member is called. */
export function recipientOf(event: OwnEvent, member: string): Recipient | undefined {
  return Object.hasOwn(event.recipients, member) ? event.recipients[member] : undefined;
}

/** Whether a receipt says more than is known: a later state, or a later word on the same one. [RECEIPT-2] */
export function isNews(now: Recipient, word: { readonly state: DeliveryState; readonly at: number }): boolean {
  if (now.gaveUp === true) return true;
  return advances(now.state, word.state) || (now.state === word.state && word.at > now.at);
}

/** Folds one record into the outbox, in place. */
export function foldOutbox(outbox: Outbox, record: OutboxRecord): Outbox {
  if (record.op === "queue") {
    const recipients = Object.fromEntries(
      record.to.map((member) => [member, { state: "queued" as const, at: record.at }]),
    );
    const { id, thread, role, at, preview, sealed } = record;
    const size = sizeOf(outbox);
    if (!Object.hasOwn(outbox, id)) {
      outbox[id] = { id, thread, role, at, preview, state: "queued", sealed, recipients };
      sizes.set(outbox, size + 1);
    }
    forget(outbox);
    return outbox;
  }
  const event = outbox[record.id];
  if (event === undefined) return outbox;
  outbox[record.id] = advance(event, record);
  return outbox;
}

function advance(event: OwnEvent, record: Exclude<OutboxRecord, { op: "queue" }>): OwnEvent {
  switch (record.op) {
    case "stamp": {
      const { sealed: _, reason: __, ...rest } = event;
      const recipients = Object.fromEntries(
        Object.entries(event.recipients).map(([member, r]) => [
          member,
          relayed(r, record.missed.includes(member), record.at),
        ]),
      );
      return { ...rest, state: "relayed", stamp: record.stamp, position: record.position, recipients };
    }
    case "refuse": {
      const { sealed: _, ...rest } = event;
      return { ...rest, state: "rejected", reason: record.reason };
    }
    case "receipt": {
      const now = recipientOf(event, record.member);
      const next: Recipient = {
        state: record.state,
        at: record.at,
        ...(record.reason === undefined ? {} : { reason: record.reason }),
        ...(record.seat === undefined ? {} : { seat: record.seat }),
        ...(record.gaveUp === undefined ? {} : { gaveUp: true as const }),
      };
      if (now === undefined || !isNews(now, record)) return event;
      return { ...event, recipients: { ...event.recipients, [record.member]: next } };
    }
  }
}

function relayed(recipient: Recipient, missed: boolean, at: number): Recipient {
  if (recipient.state !== "queued") return recipient;
  return missed ? { state: "queued", reason: "away: kept here until they are back", at } : { state: "relayed", at };
}

/**
 * Drops the oldest of what is finished, of what is delivered but was never answered, and of what was given up; each has a
 * bound of its own, or many unanswered events would push out at once what was finished a moment ago, and the same words, said again because
 * their answer was lost, would not be known any more.
 */
function forget(outbox: Outbox): void {
  const size = sizeOf(outbox);
  if (size <= MAX_FINISHED || size % FORGET_EVERY !== 0) return;
  const kept: Record<Exclude<Stage, "open">, string[]> = { finished: [], delivered: [], "given-up": [] };
  for (const [id, event] of Object.entries(outbox)) {
    const stage = stageOf(event);
    if (stage !== "open") kept[stage].push(id);
  }
  const forgotten = [
    ...kept.finished.slice(0, -MAX_FINISHED),
    ...kept.delivered.slice(0, -MAX_DELIVERED),
    ...kept["given-up"].slice(0, -MAX_GIVEN_UP),
  ];
  for (const id of forgotten) delete outbox[id];
  sizes.set(outbox, size - forgotten.length);
}

/** How many events an outbox holds: to count thousands anew at each saying would cost more than all the rest of it. */
const sizes = new WeakMap<Outbox, number>();

function sizeOf(outbox: Outbox): number {
  return sizes.get(outbox) ?? Object.keys(outbox).length;
}
