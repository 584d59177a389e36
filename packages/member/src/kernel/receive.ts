// The way in: every event that comes is hostile until checked. What holds is kept, once; what is addressed to us goes to
// the inbox; its author gets a receipt.
import type { Pins } from "@agora/user-config";
import type { Clock, Log } from "@agora/ports";
import {
  type Address,
  compareStamps,
  type EventFrame,
  type Head,
  isUnderstood,
  isKnownKind,
  kindOf,
  openEvent,
  type OpenEvent,
  type Verifier,
  audienceOf,
} from "@agora/protocol";
import { mayHaveArrived } from "./authors.ts";
import { deadlineOf } from "./deadline.ts";
import { hasSeq, markOf } from "./marks.ts";
import { eventOf, isRestamp, toRecord } from "./record.ts";
import type { Opened } from "./checking.ts";
import { forgottenUpTo } from "./given.ts";
import type { AllHooks } from "./hooks.ts";
import type { Keeping } from "./keeping.ts";
import type { Members } from "./members.ts";
import type { Notices } from "./notices.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { Persons } from "./persons.ts";
import type { Place, StampIndex } from "./stamp-index.ts";
import type { Receipts } from "./receipts.ts";
import type { RoomTime } from "./room-time.ts";
import { standingBy } from "./state.ts";
import type { Store } from "./store.ts";

export interface Receive {
  /** Brings to the inbox what was kept and never got there, because the daemon died in between; call it at the start. */
  reconcile(): void;
  /** Takes an event frame, opened already where many come at once; `trouble` when the disk did not take it, so that it must be asked for again. */
  take(frame: EventFrame, opened?: Opened): "kept" | "known" | "refused" | "trouble";
}

export interface ReceiveOptions {
  readonly store: Store;
  readonly pins: Pins;
  readonly verifier: Verifier;
  readonly receipts: Receipts;
  readonly stamps: Pick<StampIndex, "of">;
  readonly clock: Clock;
  readonly roomTime: Pick<RoomTime, "now">;
  readonly log: Log;
  readonly me: string;
  readonly myKey: string;
  readonly room: string;
  readonly hooks: AllHooks;
  readonly persons: Persons;
  readonly members: Pick<Members, "isObserver">;
  readonly outbox: Pick<Outbox, "stamped">;
  readonly notices: Notices;
  /** An event was kept. */
  readonly kept: Keeping;
}

/** Why what may be a repetition is handed to nobody: its author is told, and can say it again. */
export const MAYBE_BEFORE = "it may have come here before: too many strangers came since its author was heard last";
/** Other stamps that are taken of one event from its author. */
export const MAX_RESTAMPS = 8;

/** Creates the handler of incoming events. */
export function createReceive(options: ReceiveOptions): Receive {
  const { store, log, clock, receipts, hooks, notices } = options;

  const refuse = (why: string, fields: Record<string, string> = {}): "refused" => {
    log.warn("event-refused", { why, ...fields });
    return "refused";
  };

  return {
    take(frame, opened = openEvent(frame.event, options.verifier)) {
      if (!opened.ok) return refuse(opened.message);
      const event = opened.value;
      const { head } = event;
      if (head.room !== options.room) return refuse("another room", { id: head.id }); // [EVENT-7]
      if (!hooks.banned(head.author, head.key)) hooks.tell((h) => h.foretold?.(event, frame));
      const isOther = head.author === options.me && head.key !== options.myKey;
      if (isOther && !options.persons.isOurs(head.key)) return refuse("our name under another key", { id: head.id });
      if (head.author === options.me && !isOther) return restore(event, frame);
      if (hooks.banned(head.author, head.key)) return refuse("banned", { author: head.author, id: head.id }); // [CONTROL-7]
      if (frame.by === undefined && options.members.isObserver(head.author, head.key))
        return refuse("an observer's", { author: head.author, id: head.id }); // [GRANT-7]
      const { by } = frame;
      const sight = by === undefined || by === head.author ? "word" : { handedBy: by };
      const pin = isOther ? "same" : options.pins.pin(head.author, head.key, sight);
      if (pin === "full") {
        if (by === undefined)
          notices.setCaused(
            "pins",
            `So many names have spoken in this room that no more are remembered: what @${head.author} says is refused until you say \`agora trust ${head.author}\`.`,
          );
        return refuse("too many names", { author: head.author, id: head.id, by: by ?? "" });
      }
      if (pin === "changed") {
        notices.setCaused(
          `key:${head.author}`,
          `@${head.author} speaks with another key than before: its messages are refused until you check with them and say \`agora trust ${head.author}\`.`,
        );
        return refuse("another key", { author: head.author, id: head.id });
      }
      if (isKnown(event)) return again(event, frame);
      const mine = head.to.find((a) => options.persons.isForUs(a));
      const bar = hooks.refuses(event, frame);
      if (bar !== undefined) return refuse(bar, { id: head.id }); // [CHANNEL-4] [CHANNEL-8]
      const isForOthers = head.channel === undefined && head.to.length > 0 && mine === undefined && !isOther;
      if (isForOthers) return refuse("not addressed to us", { id: head.id });

      const at = clock.now();
      const late = frame.by !== undefined;
      const withheld = hooks.withholds(event, frame) ?? asOld(head, frame);
      const record = toRecord(event, frame.stamp, at, late, {
        ...{ withheld, by: frame.by, device: isOther ? (true as const) : undefined },
        root: hooks.rootOf(head.author, head.key),
      });
      const kept = store.keep(record, head);
      if (!kept.ok) return "trouble";
      options.kept(event, record, kept.value, frame);
      if (mine === undefined || head.kind === "void") return "kept";
      if (withheld !== undefined) {
        receipts.give(head.author, { id: head.id, state: "rejected", reason: withheld }); // [CONTROL-11]
        return "kept";
      }
      if (kindOf(head.kind).service === true) {
        receipts.give(head.author, { id: head.id, state: "stored" });
        return "kept";
      }

      if (head.must === true && !isUnderstood(head)) {
        const what = isKnownKind(head.kind) ? `this form of "${head.kind}"` : `"${head.kind}"`;
        receipts.give(head.author, {
          id: head.id,
          state: "rejected",
          reason: `this version does not know ${what} events`,
        });
        return "kept";
      }
      if (isAnothers(head)) {
        receipts.give(head.author, {
          id: head.id,
          state: "rejected",
          reason: "its id is that of another's event here",
        });
        return "kept";
      }
      if ((deadlineOf(head, frame.stamp) ?? Infinity) < options.roomTime.now()) {
        receipts.give(head.author, { id: head.id, state: "expired", reason: "it came after its time" });
        return "kept";
      }
      const byOwnDevice = frame.by === options.me;
      // What this person was told before this device was there is its past: the others have seen to it.
      if (byOwnDevice && !store.isNew(frame.stamp, head.channel)) return "kept";
      toInbox(event, mine, kept.value, { at, stamp: frame.stamp, byOwnDevice });
      return "kept";
    },
    reconcile() {
      // An item whose author was told nothing: the daemon died between the two lines. [DELIVER-5]
      const { inbox, given } = store.state;
      if (forgottenUpTo(given) === -Infinity)
        for (const { id, from, card } of Object.values(inbox))
          if (from !== options.me && card === undefined && given[id] === undefined)
            receipts.give(from, { id, state: "stored" });
      const orphans = [...orphansOf(store, options)].reverse();
      for (const { event, mine, position, at, stamp } of orphans) toInbox(event, mine, position, { at, stamp });
      if (orphans.length > 0) log.warn("inbox-reconciled", { items: orphans.length });
    },
  };

  function toInbox(
    event: OpenEvent,
    mine: Address,
    position: number,
    { at, stamp, byOwnDevice = false }: { readonly at: number; readonly stamp: string; readonly byOwnDevice?: boolean },
  ): void {
    const { head } = event;
    const expires = deadlineOf(head, stamp);
    const answers =
      head.about !== undefined && store.state.outbox[head.about.id] !== undefined ? head.about.id : undefined;
    hooks.addressed(
      {
        id: head.id,
        thread: head.thread,
        ...(head.channel === undefined ? {} : { channel: head.channel }),
        from: head.author,
        key: head.key,
        role: head.role,
        at,
        hop: head.hop,
        chain: head.chain,
        position,
        ...(mine.seat === undefined ? {} : { seat: mine.seat }),
        ...(mine.person === undefined ? {} : { person: true as const }),
        ...(expires === undefined ? {} : { expires }),
        ...(answers === undefined ? {} : { answers }),
      },
      event,
      { byOwnDevice },
    );
  }

  /** An id that somebody else's item or question has: who knows it could have sent theirs first, and this one is not to vanish. */
  function isAnothers({ id, author }: Head): boolean {
    const { inbox, questions } = store.state;
    const by = inbox[id]?.from ?? questions.asked[id]?.from;
    return by !== undefined && by !== author;
  }

  /** Strangers may make us forget strangers; what was forgotten does not become new by that. Controls have an order of their own. */
  function asOld(head: Head, frame: EventFrame): string | undefined {
    const { key, time, kind } = head;
    const isOld = mayHaveArrived(
      store.state.authors,
      { key, audience: audienceOf(head), time },
      standingBy(frame, head),
    );
    return isOld && kind !== "control" ? MAYBE_BEFORE : undefined; // [SEQ-4]
  }

  /** [SEQ-3] */
  function isKnown({ head }: OpenEvent): boolean {
    return hasSeq(store.state.marks[markOf(head.key, audienceOf(head))], head.seq);
  }

  /** One of our own events that somebody gives back: the relay's word on it was lost, or our journal was. */
  function restore(event: OpenEvent, { stamp, by }: EventFrame): "kept" | "known" | "trouble" {
    const { head } = event;
    if (isKnown(event)) return "known";
    if (store.state.outbox[head.id]?.state === "queued") {
      options.outbox.stamped({ type: "stamped", room: options.room, id: head.id, stamp }, by !== undefined);
      return "known";
    }
    const kept = store.keep(toRecord(event, stamp, clock.now(), true), head);
    if (kept.ok) hooks.tell((h) => h.restored?.(event));
    return kept.ok ? "kept" : "trouble";
  }

  /** It came before: perhaps with another place. */
  function again(event: OpenEvent, frame: EventFrame): "known" {
    const { head } = event;
    const before = options.stamps.of(head.id);
    if (before !== undefined && isBetter(frame, head, before)) {
      const authors = frame.by === head.author ? { authors: true as const } : {};
      store.keep({ restamp: head.id, key: head.key, stamp: frame.stamp, at: clock.now(), ...authors });
    }
    hooks.tell((h) => h.repeated?.(event));
    if (head.author !== options.me && head.to.some((a) => a.member === options.me))
      receipts.again(head.id, head.author);
    return "known";
  }
}

/** A relay's second stamp counts if it is higher, or if the first was a member's word; the author's word counts always. [STAMP-4] */
function isBetter({ stamp, by }: EventFrame, head: Head, before: Place): boolean {
  const order = compareStamps(stamp, before.stamp);
  if (by !== undefined) return by === head.author && order !== 0 && before.times < MAX_RESTAMPS;
  return order > 0 || (before.late && order !== 0);
}

interface Orphan {
  readonly event: OpenEvent;
  readonly mine: Address;
  readonly position: number;
  readonly at: number;
  readonly stamp: string;
}

/** Lines of history looked through for events that never reached the inbox. */
const MAX_RECONCILED = 500;

/**
 * Kept events that are addressed to us and left no trace in inbox.jsonl, newest first: the daemon died, or the power failed, between the
 * two journals. Not what is older than all receipts still known: its trace was forgotten; nor what another device of this person handed
 * on: that leaves none once it is dealt with, and that device had it in its inbox; nor what counts no more since its key was revoked.
 */
function* orphansOf(store: Store, { me, persons }: Pick<ReceiveOptions, "me" | "persons">): Iterable<Orphan> {
  const forgotten = forgottenUpTo(store.state.given);
  let read = 0;
  for (const { position, value } of store.history.back()) {
    if ((read += 1) > MAX_RECONCILED) return;
    if (isRestamp(value) || value.author === me || value.withheld !== undefined || value.at <= forgotten) continue;
    if (value.by === me || value.id in store.state.inbox || value.id in store.state.given) continue;
    const event = eventOf(value);
    const mine = event?.head.to.find((a) => persons.isForUs(a));
    if (
      event !== undefined &&
      mine !== undefined &&
      isKnownKind(event.head.kind) &&
      kindOf(event.head.kind).inbox === true &&
      store.state.disowned[value.id] !== value.at
    )
      yield { event, mine, position, at: value.at, stamp: value.stamp };
  }
}
