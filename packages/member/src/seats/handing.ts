// What a seat is handed: the items of its inbox, the room's talk since it last looked, and what an operator wants it to know.
// Handing is written down with how far the seat has heard; when turns begin and end is not known here.
import type { FileState, Handed } from "@agora/ipc";
import type { Clock } from "@agora/ports";
import { isAsked, isToShowAgain, type Item, type WakeMethod, waitsForPerson } from "../inbox/fold.ts";
import { NOWHERE } from "../kernel/delivery.ts";
import { deadlineOf } from "../kernel/deadline.ts";
import { eventOf } from "../kernel/record.ts";
import type { Seat } from "./fold.ts";
import type { InboxDispatcher } from "../inbox/inbox-dispatcher.ts";
import type { Brake } from "../controls/keeper.ts";
import { outcomeLine, overLine, withQuestion } from "../questions/line.ts";
import type { RoomTime } from "../kernel/room-time.ts";
import type { Store } from "../kernel/store.ts";
import { recordToLine, toLine } from "../kernel/line.ts";
import type { RecentMessages, Said } from "./recent-messages.ts";
import type { LiveSeats } from "./live.ts";

/** Of the room's talk, so many are handed at once; older ones are counted as skipped. */
const MAX_TALK = 30;
const QUESTION_WAITS =
  "a question from the room waits for the user alone, who sees it with the questions command and answers with answer";

/** What a prompt of a seat would show. */
export interface Due {
  readonly items: readonly Item[];
  readonly said: readonly Said[];
  readonly skipped: number;
}

export interface Handing {
  /** What this seat may be given: one that an operator holds or interrupted, only what is not for it to answer by itself. */
  readonly mine: (seat: string) => readonly Item[];
  readonly due: (seat: Seat) => Due;
  /** How much is new for this seat. */
  readonly unread: (seat: Seat) => number;
  /** Hands it over by a rung, and writes down that it was. */
  readonly give: (seat: Seat, due: Due, rung: WakeMethod) => Handed;
  /** Adds what the seat has not been told of yet. */
  readonly withNotices: (seat: string, handed: Handed) => Handed;
  /** How many items wait for a person's decision. */
  readonly openCount: () => number;
}

export interface HandingOptions {
  readonly store: Store;
  readonly live: LiveSeats;
  readonly inbox: InboxDispatcher;
  readonly recent: RecentMessages;
  readonly clock: Clock;
  readonly roomTime: Pick<RoomTime, "now">;
  readonly me: string;
  readonly fileOf: (id: string) => FileState | undefined;
  readonly brake: () => Brake | undefined;
}

/** Nothing but items, as they are handed in the middle of a turn. */
export const onlyItems = (items: readonly Item[]): Due => ({ items, said: [], skipped: 0 });

/** Makes what hands things over. */
export function createHanding({
  store,
  live,
  inbox,
  recent,
  clock,
  roomTime,
  me,
  fileOf,
  brake,
}: HandingOptions): Handing {
  const seats = store.state.seats;

  const lineOfItem = (item: Item): Handed["items"][number]["line"] | undefined => {
    if (item.over !== undefined) return overLine(item, item.over, me);
    if (item.position === NOWHERE) return outcomeLine(item, store, roomTime.now(), me);
    const kept = store.at(item.position);
    const line = kept === undefined ? undefined : recordToLine(kept, me, fileOf);
    return line === undefined ? undefined : withQuestion(line, store, roomTime.now(), me);
  };
  const mine = (seat: string): readonly Item[] => {
    const items = inbox.for(seat);
    const isHeld = seats[seat]?.interrupted === true || brake() !== undefined;
    return isHeld ? items.filter((item) => item.state !== "auto") : items;
  };
  /** Questions that wait for the person, but for those that this very seat asked. */
  const askedOfPerson = (seat: string): readonly string[] =>
    Object.values(store.state.inbox)
      .filter((item) => item.question === true)
      .filter(({ id, from }) => from !== me || store.state.questions.asked[id]?.seat !== seat)
      .map(({ id }) => id);
  /** The operator's brakes that this seat has not been told of. [CONTROL-12] */
  const noticesOf = (seat: string): readonly string[] => {
    const l = live.at(seat);
    const held = brake();
    const words = [...(l.notice === undefined ? [] : [l.notice])];
    if (held !== undefined && l.told !== held.sig) words.push(held.words);
    if (held === undefined && l.told !== undefined) words.push("what an operator had stopped or paused goes on");
    if (askedOfPerson(seat).some((id) => l.toldOf?.has(id) !== true)) words.push(QUESTION_WAITS);
    return words;
  };
  const due = (seat: Seat): Due => {
    const items = mine(seat.seat).filter((item) => item.handed === undefined || isToShowAgain(item));
    const from = Math.max(seat.seen, seat.repeated);
    const now = roomTime.now();
    const above = recent.above(from);
    const said = above.slice(-MAX_TALK).filter((s) => now <= (deadlineOf(s.head, s.record.stamp) ?? Infinity)); // [EVENT-10]
    return { items, said, skipped: Math.max(0, store.state.ordinal - from - said.length) };
  };
  const openCount = (): number => Object.values(store.state.inbox).filter(waitsForPerson).length;

  return {
    mine,
    due,
    openCount,
    unread(seat) {
      const { items, said, skipped } = due(seat);
      return items.length + said.length + skipped + noticesOf(seat.seat).length;
    },
    give(seat, { items, said, skipped }, rung) {
      const shown: Handed["items"][number][] = [];
      let hop = -1;
      let chain: string | undefined;
      const raise = (h: number, c: string): void => {
        if (h > hop) [hop, chain] = [h, c];
      };
      for (const item of items) {
        const line = lineOfItem(item);
        if (line === undefined) continue;
        shown.push({ line, again: item.handed !== undefined, asked: isAsked(item) && item.answers === undefined });
        inbox.handed(item, seat.seat, rung);
        raise(item.hop, item.chain);
      }
      const given = new Set(items.map((item) => item.id));
      for (const { record: kept, head, ordinal } of said) {
        if (given.has(head.id)) continue; // an operator's word to this member is both
        const event = { head, body: kept.body ?? kept.text };
        const file = head.kind === "file" ? fileOf(head.id) : undefined;
        shown.push({ line: toLine(event, kept.at, me, kept.stamp, file), again: ordinal <= seat.handed, asked: false });
        raise(head.hop, head.chain);
      }
      if (shown.length > 0 || skipped > 0) {
        const ordinal = said.length > 0 || skipped > 0 ? store.state.ordinal : seat.handed;
        const first = chain === undefined ? {} : { chain };
        store.in({ op: "shown", at: clock.now(), seat: seat.seat, ordinal, hop, ...first });
      }
      return { items: shown, inbox: openCount(), skipped };
    },
    withNotices(seat, handed) {
      const notices = noticesOf(seat);
      const l = live.at(seat);
      l.notice = undefined;
      l.told = brake()?.sig;
      l.toldOf = new Set(askedOfPerson(seat));
      return notices.length === 0 ? handed : { ...handed, notices };
    },
  };
}

/** The event an item stands for. */
export function eventOfItem(store: Store, item: Item): ReturnType<typeof eventOf> {
  const kept = item.position === NOWHERE ? undefined : store.at(item.position);
  return kept === undefined ? undefined : eventOf(kept);
}
