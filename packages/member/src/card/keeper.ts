// The card of this room: what it is for, and its repositories. An operator or a lead sets it; newcomers are given it whatever its age.
import {
  type Card,
  cardSchema,
  controlTime,
  FIRST_STAMP,
  isBeyondClocks,
  isLaterControl,
  isUnderstood,
  type OpenEvent,
  readBody,
  readHead,
} from "@agora/protocol";
import type { OperatorControls } from "../controls/keeper.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { eventOf, type HistoryRecord, toRecord } from "../kernel/record.ts";
import { searchedBack } from "../kernel/thread-lookup.ts";
import { type HeldCard, latestCard } from "./fold.ts";

/** How much of the history's end is searched for an earlier one, bytes. */
const MAX_SEARCHED = 64 * 1024 * 1024;

/** A card as it stands now. */
export interface CardNow {
  readonly card: Card;
  /** Who set it, and when by that one's own clock, unix milliseconds. */
  readonly by: string;
  readonly at: number;
}

export interface CardKeeper {
  /** The card that counts; undefined: none was set. */
  now(): CardNow | undefined;
  /** What a card event says, if its author has the right to set one. [CARD-1] [RIGHT-3] */
  judge(event: OpenEvent): Card | undefined;
  take(event: OpenEvent): void;
  /** Takes a card of the history that died with the daemon, or by a power cut, before it got to where it counts. */
  catchUp(event: OpenEvent): void;
  /** Takes back a card whose key was revoked before it: the last one of its author that counts holds again. [KEYCHAIN-4] */
  disown(event: OpenEvent): void;
  /** The `time` of a card made now: above all that are known. [CARD-3] */
  time(): number;
  /** What a newcomer has to know, whatever its age. [CARD-4] */
  deciding(): readonly HistoryRecord[];
}

/** Creates the keeper of the card. */
export function createCard(
  kernel: Pick<Kernel, "store" | "room" | "clock" | "hooks" | "log" | "tell">,
  controls: Pick<OperatorControls, "entitles">,
): CardKeeper {
  const { store, clock } = kernel;
  const cards = store.state.cards;
  const latest = (): HeldCard | undefined => latestCard(cards, ({ author, key }) => !kernel.hooks.banned(author, key)); // [CONTROL-7]

  const judge: CardKeeper["judge"] = (event) => {
    const { head, body } = event;
    const isOurs =
      head.kind === "card" && head.room === kernel.room && head.to.length === 0 && head.channel === undefined;
    if (!isOurs || head.role !== "user" || !isUnderstood(head)) return undefined;
    const card = readBody(cardSchema, body);
    if (card === undefined || isBeyondClocks(head.time, clock.now())) return undefined;
    if (kernel.hooks.refuses(event, { stamp: FIRST_STAMP }) !== undefined) return undefined;
    return controls.entitles(head, card.grant, "card") ? card : undefined;
  };

  const take: CardKeeper["take"] = ({ head, signed }) => {
    const { key, author, time, seq } = head;
    store.in({ op: "card", card: { key, author, time, seq, sealed: signed } });
    kernel.tell.controls();
  };
  /** The last card of a key that counts, in the history. */
  const lastOf = (key: string): OpenEvent | undefined => {
    let last: OpenEvent | undefined;
    for (const { value } of searchedBack(store, [key], MAX_SEARCHED)) {
      const event = value.kind === "card" && value.withheld === undefined ? eventOf(value) : undefined;
      if (event?.head.key !== key || (last !== undefined && !isLaterControl(event.head, last.head))) continue;
      if (judge(event) !== undefined) last = event;
    }
    return last;
  };

  return {
    judge,
    take,
    catchUp(event) {
      const known = cards[event.head.key];
      if ((known === undefined || isLaterControl(event.head, known)) && judge(event) !== undefined) take(event);
    },
    disown({ head: { kind, key, seq } }) {
      if (kind !== "card" || cards[key]?.seq !== seq || !store.in({ op: "uncard", key }).ok) return;
      const last = lastOf(key);
      if (last !== undefined) take(last);
      kernel.tell.controls();
    },
    now() {
      const held = latest();
      const card = held === undefined ? undefined : readBody(cardSchema, held.sealed.body);
      if (held === undefined || card === undefined) return undefined;
      return { card, by: held.author, at: held.time };
    },
    time: () => controlTime(clock.now(), Object.values(cards)),
    deciding() {
      const held = latest();
      const head = held === undefined ? undefined : readHead(held.sealed.head);
      if (held === undefined || head?.ok !== true) return [];
      const event = { head: head.value, body: held.sealed.body, signed: held.sealed };
      // Its place says nothing of which card counts.
      return [toRecord(event, store.state.begin, 0, true)];
    },
  };
}
