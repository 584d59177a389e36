// What becomes of an event addressed to us. It waits for the person (manual), or one seat at a time is its handler
// (automatic, or accepted by the person) until answered; at every bound it falls back to the inbox with its reason.
import type { Clock, Log } from "@agora/ports";
import { isMet } from "../kernel/authors.ts";
import { PAUSED } from "../controls/keeper.ts";
import type { Receipts } from "../kernel/receipts.ts";
import type { RoomTime } from "../kernel/room-time.ts";
import type { Store } from "../kernel/store.ts";
import {
  ageOf,
  type Closing,
  isAsked,
  isExpired,
  isHeldByOther,
  isToShowAgain,
  type Item,
  HANDLER_MS,
  leastNeeded,
  MAX_STRANGERS_ITEMS,
  mayReach,
} from "./fold.ts";
import type { InboxDispatcher } from "./inbox-dispatcher.ts";
import { createTurnBounds } from "./turn-bounds.ts";
import { type ChainLimits, isHeldByBudget, LEAVES_A_WORD, NO_LIMITS, type ReplyLimits } from "./reply-limits.ts";

/** Why a mention waits for the person alone on this device. */
const TAKEN = "another device of yours has it";
const HANDED_ON = "came by another device of yours";
/** A seat that saw a mention and shows no turn for this long is gone. */
const ABANDONED_MS = 60_000;

/** Creates the keeper of items. `changed` is called when any seat may have something new. */
export function createInboxDispatcher(options: {
  readonly store: Store;
  readonly receipts: Receipts;
  readonly clock: Clock;
  readonly roomTime: Pick<RoomTime, "now">;
  readonly log: Log;
  readonly brakes: () => ReplyLimits;
  /** The mode where an item was said. */
  readonly modeFor: (item: Pick<Item, "thread" | "channel">) => ReplyLimits["mode"];
  /** Whether this author may wake an agent at all. */
  readonly mayWake: (author: string) => boolean;
  /** Why nothing of this author is acted on by itself now. */
  readonly heldBack: (author: string) => string | undefined;
  /** Whether this device of all that its person has here hands an item over. [DEVICE-10] */
  readonly isWaking: (item: Item) => boolean;
  readonly changed: () => void;
}): InboxDispatcher {
  const { store, receipts, clock, log } = options;
  const inbox = store.state.inbox;
  const bounds = createTurnBounds(clock);
  let chains: ChainLimits = NO_LIMITS;
  let isBusy = (_seat: string): boolean => false;

  /** Somebody to whom nothing was said from here yet. */
  const isStranger = ({ key }: Pick<Item, "key">): boolean => key !== undefined && !isMet(store.state.authors, key);

  const whyNotAuto = (item: Omit<Item, "state">, theirSeat: string | undefined): string | undefined => {
    const { hopLimit, held } = options.brakes();
    if (item.person === true) return "for the person alone";
    if (!options.mayWake(item.from)) return LEAVES_A_WORD;
    const holds = held ?? options.heldBack(item.from);
    if (holds !== undefined) return holds;
    if (item.hop >= hopLimit) return `hop limit ${hopLimit}`; // [CHAIN-2]
    return chains.spent(item.chain) ?? bounds.take(item.from, theirSeat, item.seat, isStranger(item));
  };

  /** Whether the person lets an agent answer this by itself, now that nothing else holds it back. */
  const goesOn = (item: Item): boolean => options.modeFor(item) === "auto" && options.mayWake(item.from);

  const fall = (item: Item, reason: string): void => {
    store.in({ op: "wait", at: clock.now(), id: item.id, reason });
    receipts.give(item.from, { id: item.id, state: "held", reason });
    log.info("held", { id: item.id, reason });
    if (isHeldByBudget({ reason })) chains.ask(item);
    options.changed();
  };

  const makeRoom = (): void => {
    const item = Object.keys(inbox).length > MAX_STRANGERS_ITEMS ? leastNeeded(inbox, isStranger) : undefined;
    if (item !== undefined) close(item, "expired", "the inbox was full");
  };

  const close = (item: Item, how: Closing, reason?: string): void => {
    store.in({ op: "close", at: clock.now(), id: item.id, how });
    if (how !== "read" && (item.card ?? item.over ?? item.note) === undefined) {
      const seat = item.handler?.seat;
      receipts.give(item.from, {
        id: item.id,
        state: how,
        ...(reason === undefined ? {} : { reason }),
        ...(seat === undefined ? {} : { seat }),
      });
    }
    options.changed();
  };

  /** Another device of the person hands it over, or has done so. */
  const isOthers = (item: Item): boolean =>
    (item.state === "open" && (item.reason === TAKEN || item.reason === HANDED_ON)) ||
    (item.state === "auto" &&
      item.handed === undefined &&
      item.card === undefined &&
      item.over === undefined &&
      !options.isWaking(item));

  /** Seen, not answered, and the seat that saw it has no turn any more: it died without a word. */
  const isAbandoned = (item: Item): boolean =>
    item.seen === true &&
    item.handed !== undefined &&
    !isBusy(item.handed.seat) &&
    ageOf(item.handed.at, clock.now()) > ABANDONED_MS;

  const tick = (): void => {
    const { mentionMaxAgeMs, held } = options.brakes();
    for (const item of Object.values(inbox)) {
      // A question's time is looked at where it stands: it may get another place.
      if (item.question !== true && isExpired(item, options.roomTime.now()) && item.seen !== true)
        close(item, "expired", "its time was over");
      else if (item.state !== "auto") continue;
      else if (options.modeFor(item) === "manual") fall(item, "manual mode");
      else if (item.handed === undefined && !options.mayWake(item.from)) fall(item, LEAVES_A_WORD);
      else if (held !== undefined && item.handed === undefined) fall(item, held);
      else if (item.handed === undefined && options.heldBack(item.from) !== undefined)
        fall(item, options.heldBack(item.from)!);
      else if (item.handed === undefined && chains.spent(item.chain) !== undefined)
        fall(item, chains.spent(item.chain)!);
      else if (item.seen !== true && clock.now() - (item.since ?? item.at) > mentionMaxAgeMs)
        fall(item, "too old for an automatic answer");
      else if (isAbandoned(item)) fall(item, "no answer");
    }
  };

  return {
    limitChains: (limits) => void (chains = limits),
    busyWhen: (tells) => void (isBusy = tells),
    add(item, event) {
      const why = options.modeFor(item) === "manual" ? "manual mode" : whyNotAuto(item, event.head.seat);
      store.in({
        op: "add",
        item: {
          ...item,
          state: why === undefined ? "auto" : "open",
          ...(why === undefined || why === "manual mode" ? {} : { reason: why }),
        },
      });
      if (why === undefined) receipts.give(item.from, { id: item.id, state: "stored" });
      else if (why === "manual mode")
        receipts.give(item.from, { id: item.id, state: "stored", reason: "waits in the inbox (manual mode)" });
      else receipts.give(item.from, { id: item.id, state: "held", reason: why });
      makeRoom();
      if (isHeldByBudget({ reason: why })) chains.ask(item);
      options.changed();
    },
    addCard(item) {
      store.in({ op: "add", item: { ...item, state: "open" } });
      makeRoom();
      options.changed();
    },
    addForPerson(item, reason) {
      store.in({ op: "add", item: { ...item, state: "open" } });
      receipts.give(item.from, { id: item.id, state: "held", reason });
      makeRoom();
      options.changed();
    },
    addFromOther(item) {
      store.in({ op: "add", item: { ...item, state: "open", reason: HANDED_ON } });
      makeRoom();
      options.changed();
    },
    takenByOther(id, how) {
      const item = Object.hasOwn(inbox, id) ? inbox[id] : undefined;
      if (item === undefined || item.card !== undefined) return;
      if (how !== "handed") store.in({ op: "close", at: clock.now(), id, how });
      else if (item.state === "auto" && item.handed === undefined)
        store.in({ op: "wait", at: clock.now(), id, reason: TAKEN });
      options.changed();
    },
    addAccepted(item) {
      store.in({ op: "add", item: { ...item, state: "accepted" } });
      receipts.give(item.from, { id: item.id, state: "stored" });
      makeRoom();
      options.changed();
    },
    addOver(item) {
      const why = options.modeFor(item) === "manual" ? "manual mode" : whyNotAuto(item, item.seat);
      store.in({
        op: "add",
        item: {
          ...item,
          state: why === undefined ? "auto" : "open",
          ...(why === undefined || why === "manual mode" ? {} : { reason: why }),
        },
      });
      makeRoom();
      options.changed();
    },
    resume(chain, turns) {
      bounds.give(turns);
      if (chains.spent(chain) !== undefined) return;
      for (const item of Object.values(inbox)) {
        if (item.chain !== chain || item.state !== "open" || !isHeldByBudget(item) || !goesOn(item)) continue;
        store.in({ op: "again", at: clock.now(), id: item.id });
        log.info("goes-on", { id: item.id, chain });
      }
      options.changed();
    },
    unpause() {
      for (const item of Object.values(inbox)) {
        const isPaused = item.state === "open" && item.reason?.startsWith(PAUSED) === true;
        if (isPaused && goesOn(item) && options.heldBack(item.from) === undefined)
          store.in({ op: "again", at: clock.now(), id: item.id });
      }
      options.changed();
    },
    interrupt(seats, reason) {
      for (const item of Object.values(inbox)) {
        const seat = item.handed?.seat ?? item.handler?.seat;
        if (seat !== undefined && seats.includes(seat) && isAsked(item)) fall(item, reason);
      }
      options.changed();
    },
    for(seat) {
      tick();
      const now = clock.now();
      return Object.values(inbox).filter(
        (item) => mayReach(item, seat) && !isHeldByOther(item, seat, now, isBusy) && !isOthers(item),
      );
    },
    handed(item, seat, rung) {
      store.in({ op: "handed", at: clock.now(), id: item.id, seat, rung });
      receipts.give(item.from, { id: item.id, state: "handed", seat });
    },
    seen(item) {
      store.in({ op: "seen", at: clock.now(), id: item.id });
      const seat = item.handed?.seat;
      receipts.give(item.from, { id: item.id, state: "seen", ...(seat === undefined ? {} : { seat }) });
      if (item.answers !== undefined) close(item, "read");
    },
    fall,
    accept(item, seat, extra, give) {
      store.in({
        op: "accept",
        at: clock.now(),
        id: item.id,
        ...(seat === undefined ? {} : { seat }),
        ...(extra === undefined ? {} : { extra }),
      });
      give();
      options.changed();
    },
    close,
    nudged(item) {
      store.in({ op: "nudged", at: clock.now(), id: item.id });
    },
    release(seat) {
      for (const item of Object.values(inbox)) {
        const accepted = item.state === "accepted" && item.seat === seat;
        if (item.handler?.seat !== seat && !accepted) continue;
        if (accepted || (item.seen === true && item.state === "auto"))
          fall(item, "the session ended without an answer");
        else store.in({ op: "free", at: clock.now(), id: item.id, why: "the session ended" });
      }
      options.changed();
    },
    takeForWake(seat, busy) {
      tick();
      const now = clock.now();
      const due = Object.values(inbox).filter((item) => {
        if (
          !isAsked(item) ||
          !mayReach(item, seat) ||
          isOthers(item) ||
          (item.handed !== undefined && !isToShowAgain(item))
        )
          return false;
        if (item.handler !== undefined && (ageOf(item.handler.at, now) < HANDLER_MS || isBusy(item.handler.seat)))
          return false;
        return !busy || ageOf(item.at, now) > HANDLER_MS; // a busy seat meets it at its next Stop; only then by waking
      });
      for (const item of due) store.in({ op: "handle", at: now, id: item.id, seat, rung: "wake" });
      return due;
    },
    tick,
  };
}
