// What an event that is in the history sets going, anybody's: every feature hears of it, and so does whoever watches. Whether an event
// may be kept at all is decided in receive.ts and outbox.ts.
import type { Pins } from "@agora/user-config";
import type { Clock } from "@agora/ports";
import { kindOf, type OpenEvent } from "@agora/protocol";
import { deadlineOf } from "./deadline.ts";
import type { AllHooks, Heard, Kept } from "./hooks.ts";
import type { Item } from "../inbox/fold.ts";
import { toLine } from "./line.ts";
import type { Members } from "./members.ts";
import type { HistoryRecord } from "./record.ts";
import type { RoomListeners } from "./room-listeners.ts";
import type { Store } from "./store.ts";

/** Tells of a kept event; `heard` of another's alone. */
export type Keeping = (event: OpenEvent, record: HistoryRecord, position: number, heard?: Heard) => void;

/** Creates the function to call for each event that was kept. */
export function createKeeping(options: {
  readonly me: string;
  readonly store: Store;
  readonly pins: Pick<Pins, "pin">;
  readonly clock: Clock;
  readonly members: Pick<Members, "heard">;
  readonly hooks: AllHooks;
  readonly tell: Pick<RoomListeners["tell"], "line">;
}): Keeping {
  const { me, store, pins, clock, hooks } = options;

  /** One of our sessions may have addressed another of ours. */
  const toOwnSeats = ({ event, position, record }: Kept): void => {
    const { head } = event;
    const mine = head.to.find((a) => a.member === me);
    if (mine === undefined || head.kind === "void" || kindOf(head.kind).service === true) return;
    const { seat, person } = mine;
    const expires = deadlineOf(head, record.stamp);
    hooks.addressed(
      {
        ...itemOf(event, clock.now(), position),
        ...(seat === undefined ? {} : { seat }),
        ...(person === undefined ? {} : { person }),
        ...(expires === undefined ? {} : { expires }),
      },
      event,
    );
  };

  return (event, record, position, heard) => {
    const { head } = event;
    const kept: Kept = {
      event,
      record,
      position,
      heard,
      isMine: head.author === me && record.device !== true,
      // Asked for late: an act of our own may just have brought this member into the channel.
      get isPast() {
        return !store.isNew(record.stamp, head.channel);
      },
    };
    options.members.heard(head.author);
    hooks.tell((h) => h.kept?.(kept));
    if (kept.isMine) {
      toOwnSeats(kept);
      for (const { member, key } of head.to) if (key !== undefined && member !== me) pins.pin(member, key);
    }
    hooks.tell((h) => h.settled?.(kept));
    if (kindOf(head.kind).silent !== true)
      options.tell.line(hooks.line(toLine(event, record.at, me, record.stamp, undefined, record.withheld), event));
  };
}

/** An inbox item of an event, before anything is known of who shall handle it. */
export function itemOf({ head }: OpenEvent, at: number, position: number): Omit<Item, "state"> {
  const { id, thread, channel, author: from, role, hop, chain } = head;
  return { id, thread, ...(channel === undefined ? {} : { channel }), from, role, at, hop, chain, position };
}
