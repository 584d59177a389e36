// The way in: every event that comes is hostile until checked. What holds is kept, once; what is addressed to us goes to
// the inbox; its author gets a receipt.
import type { Pins } from "@agora/home";
import type { Clock, Log } from "@agora/ports";
import {
  compareStamps,
  type Control,
  CONTROL,
  controlSchema,
  type EventFrame,
  KINDS,
  openEvent,
  type OpenEvent,
  readBody,
  type Verifier,
  audienceOf,
} from "@agora/protocol";
import { hasSeq, type HistoryRecord, type Item, markOf, toRecord } from "@agora/room";
import type { Receipts } from "./receipts.ts";
import type { Store } from "./store.ts";

export interface Arrivals {
  /** Takes an event frame; `trouble` when the disk did not take it, so that it must be asked for again. */
  take(frame: EventFrame): "kept" | "known" | "refused" | "trouble";
}

export interface ArrivalsOptions {
  readonly store: Store;
  readonly pins: Pins;
  readonly verifier: Verifier;
  readonly receipts: Receipts;
  readonly clock: Clock;
  readonly log: Log;
  readonly me: string;
  readonly myKey: string;
  readonly room: string;
  /** An event was kept. */
  readonly kept: (event: OpenEvent, record: HistoryRecord, position: number) => void;
  readonly toInbox: (item: Omit<Item, "state">, event: OpenEvent) => void;
  readonly control: (event: OpenEvent, control: Control) => void;
  /** Whether an own event waits for its stamp, and what to do when it turns out to have one. */
  readonly isQueued: (id: string) => boolean;
  readonly stamped: (id: string, stamp: string) => void;
  /** Something a person should know of, said once per author. */
  readonly notice: (key: string, sentence: string) => void;
}

const KNOWN_KINDS: ReadonlySet<string> = new Set(KINDS);
/** Stamps remembered of the latest events, to see when one got a second. */
const MAX_STAMPS = 5_000;

/** Makes the way in. */
export function createArrivals(options: ArrivalsOptions): Arrivals {
  const { store, log, clock, receipts } = options;
  const stamps = new Map<string, string>();

  const refuse = (why: string, fields: Record<string, string> = {}): "refused" => {
    log.warn("event-refused", { why, ...fields });
    return "refused";
  };

  return {
    take(frame) {
      const opened = openEvent(frame.event, options.verifier);
      if (!opened.ok) return refuse(opened.message);
      const event = opened.value;
      const { head } = event;
      if (head.room !== options.room) return refuse("another room", { id: head.id });
      if (head.author === options.me) {
        if (head.key !== options.myKey) return refuse("our name under another key", { id: head.id });
        return restore(event, frame.stamp);
      }
      const pin = options.pins.pin(head.author, head.key);
      if (pin === "changed" || pin === "full") {
        options.notice(
          `key:${head.author}`,
          `@${head.author} speaks with another key than before: its messages are refused until you check with them and say \`agora trust ${head.author}\`.`,
        );
        return refuse("another key", { author: head.author, id: head.id });
      }
      if (hasSeq(store.state.marks[markOf(head.key, audienceOf(head))], head.seq)) return again(event, frame.stamp);
      const mine = head.to.find((a) => a.member === options.me && (a.key === undefined || a.key === options.myKey));
      if (head.to.length > 0 && mine === undefined) return refuse("not addressed to us", { id: head.id });

      const at = clock.now();
      const record = toRecord(event, frame.stamp, at, frame.by !== undefined);
      const kept = store.keep(record, head);
      if (!kept.ok) return "trouble";
      remember(head.id, frame.stamp);
      options.kept(event, record, kept.value);
      if (head.kind === "control") takeControl(event);
      if (mine === undefined || head.kind === "void") return "kept";

      if (head.must === true && !KNOWN_KINDS.has(head.kind)) {
        receipts.give(head.author, {
          id: head.id,
          state: "rejected",
          reason: `this version does not know "${head.kind}" events`,
        });
        return "kept";
      }
      if (head.expires !== undefined && head.expires < at) {
        receipts.give(head.author, { id: head.id, state: "expired", reason: "it came after its time" });
        return "kept";
      }
      const answers =
        head.about !== undefined && store.state.outbox[head.about.id] !== undefined ? head.about.id : undefined;
      options.toInbox(
        {
          id: head.id,
          thread: head.thread,
          from: head.author,
          role: head.role,
          at,
          hop: head.hop,
          chain: head.chain,
          position: kept.value,
          ...(mine.seat === undefined ? {} : { seat: mine.seat }),
          ...(mine.person === undefined ? {} : { person: true as const }),
          ...(answers === undefined ? {} : { answers }),
        },
        event,
      );
      return "kept";
    },
  };

  /** One of our own events that somebody gives back: the relay's word on it was lost, or our journal was. */
  function restore(event: OpenEvent, stamp: string): "kept" | "known" | "trouble" {
    const { head } = event;
    if (hasSeq(store.state.marks[markOf(head.key, audienceOf(head))], head.seq)) return "known";
    if (options.isQueued(head.id)) {
      options.stamped(head.id, stamp);
      return "known";
    }
    const record = toRecord(event, stamp, clock.now(), true);
    const kept = store.keep(record, head);
    return kept.ok ? "kept" : "trouble";
  }

  function again(event: OpenEvent, stamp: string): "known" {
    const before = stamps.get(event.head.id);
    if (before !== undefined && compareStamps(stamp, before) > 0) {
      remember(event.head.id, stamp);
      store.keep({ restamp: event.head.id, stamp, at: clock.now() });
    }
    receipts.again(event.head.id);
    return "known";
  }

  function remember(id: string, stamp: string): void {
    stamps.set(id, stamp);
    if (stamps.size > MAX_STAMPS) stamps.delete(stamps.keys().next().value!);
  }

  function takeControl(event: OpenEvent): void {
    const control = event.head.body.media === CONTROL ? readBody(controlSchema, event.body) : undefined;
    if (control === undefined) log.warn("control-unreadable", { id: event.head.id });
    else options.control(event, control);
  }
}
