// Which seats have a client at them now: its connection, its waiter, its turn. Kept in memory; only turns outlive a hand-over.
import type { Session } from "@agora/ipc";
import type { Clock } from "@agora/ports";
import { freeSeatName, type Seat, seatOfSession } from "./fold.ts";
import type { SeatFacts } from "@agora/protocol";
import type { Store } from "../kernel/store.ts";

/** What a waiter hears. */
export interface Wake {
  readonly wake: boolean;
  readonly count: number;
  readonly from: readonly string[];
}

/** What a waiter hears that shall just end. */
export const NO_WAKE: Wake = { wake: false, count: 0, from: [] };

/** Without a sign for this long a turn counts as over: the person pressed Esc, and not every client tells of that. */
const BUSY_MS = 10 * 60_000;
/** After a hand-over a seat that was in a turn has so long to attach again. */
const BACK_WITHIN_MS = 15_000;
/** So many seats are told to the room. */
const MAX_FACTS = 32;

/** A permission that a session's client asks its person for. */
export interface PermissionWait {
  /** Unix milliseconds by this machine's clock, and by the room's. */
  readonly at: number;
  readonly roomAt: number;
  readonly tool?: string;
}

/** One seat that somebody is at, or was since the daemon's start. */
export interface Live {
  ipc?: Session | undefined;
  waiter?: ((wake: Wake) => void) | undefined;
  busySince?: number | undefined;
  /** The session said goodbye; the seat ends when its connection does. */
  leaving?: boolean;
  /** The operator's brake that its model was told of. */
  told?: string | undefined;
  /** Something else to be told of at its next hook. */
  notice?: string | undefined;
  /** The questions to its person that its model was told wait: of each once, and nothing of what they ask. */
  toldOf?: ReadonlySet<string>;
  /** It asks its person for a permission and waits: since when, by both clocks, and for which tool. */
  waiting?: PermissionWait | undefined;
  unread: number;
}

export interface LiveSeats {
  /** What is known of a seat; begun when nothing is. */
  at(seat: string): Live;
  find(seat: string): Live | undefined;
  all(): Iterable<[string, Live]>;
  /** Whether a turn of this seat is under way. */
  isBusy(seat: string): boolean;
  /** The seat of a client session, made when it is new; one that another connection holds is not given away. */
  ensure(client: string, session: string, ipc?: Session): Seat;
  /** The seat an ipc session is bound to. */
  of(ipc: Session): Seat | undefined;
  /** The connection is at this seat from now on. */
  bind(ipc: Session, seat: string): void;
  /** The connection is gone; true: its seat is without one now. */
  unbind(ipc: Session): boolean;
  /** The client's session id changed in place; undefined: the connection has no seat. */
  resession(ipc: Session, session: string): Seat | undefined;
  /** Notes the turns under way for a successor. */
  keepTurns(): void;
  facts(): readonly SeatFacts[];
}

/** Creates the keeper; turns that a predecessor left count until their seats had time to come back. */
export function createLiveSeats(store: Store, clock: Clock): LiveSeats {
  const seats = store.state.seats;
  const live = new Map<string, Live>();
  const bySession = new Map<Session, string>();
  const bornAt = clock.now();

  const at = (seat: string): Live => {
    const known = live.get(seat) ?? { unread: 0 };
    live.set(seat, known);
    return known;
  };
  const isBusy = (seat: string): boolean => {
    const l = live.get(seat);
    if (l?.busySince === undefined) return false;
    const now = clock.now();
    return now - l.busySince < BUSY_MS && (l.ipc !== undefined || now - bornAt < BACK_WITHIN_MS);
  };
  for (const [seat, busySince] of Object.entries(store.state.busy)) at(seat).busySince = busySince;
  store.state.busy = {};

  const record = (seat: string, client: string, session: string): Seat => {
    store.in({ op: "seat", at: clock.now(), seat, client, session, ordinal: store.state.ordinal });
    return seats[seat]!;
  };
  const isAttachedElsewhere = (seat: string, ipc?: Session): boolean => {
    const other = live.get(seat)?.ipc;
    return other !== undefined && other !== ipc && !other.closed;
  };
  const of = (ipc: Session): Seat | undefined => seats[bySession.get(ipc) ?? ""];
  const bind = (ipc: Session, seat: string): void => {
    bySession.set(ipc, seat);
    at(seat).ipc = ipc;
    at(seat).leaving = false;
    at(seat).unread = -1; // tell the count anew
  };

  return {
    at,
    find: (seat) => live.get(seat),
    all: () => live,
    isBusy,
    ensure(client, session, ipc) {
      const known = seatOfSession(seats, session);
      if (known !== undefined && !isAttachedElsewhere(known.seat, ipc))
        return known.ended || known.sessions.at(-1) !== session ? record(known.seat, known.client, session) : known;
      if (known !== undefined && known.sessions.at(-1) === session) return known; // the same session by a second process
      return record(freeSeatName(seats, client, clock.now()), client, session);
    },
    of,
    bind,
    unbind(ipc) {
      const bound = bySession.get(ipc);
      bySession.delete(ipc);
      const l = bound === undefined ? undefined : live.get(bound);
      if (l?.ipc !== ipc) return false;
      l.ipc = undefined;
      l.busySince = undefined;
      if (l.leaving === true) store.in({ op: "seat-end", at: clock.now(), seat: bound! });
      l.leaving = false;
      return true;
    },
    resession(ipc, session) {
      const seat = of(ipc);
      if (seat === undefined) return undefined;
      const known = seatOfSession(seats, session);
      if (known === undefined || known.seat === seat.seat || isAttachedElsewhere(known.seat, ipc)) {
        at(seat.seat).leaving = false;
        return record(seat.seat, seat.client, session);
      }
      // An older session was resumed in this process: its own seat goes on.
      at(seat.seat).ipc = undefined;
      const resumed = record(known.seat, known.client, session);
      bind(ipc, resumed.seat);
      return resumed;
    },
    keepTurns() {
      for (const [seat, { busySince }] of live) if (busySince !== undefined) store.state.busy[seat] = busySince;
    },
    facts: () =>
      [...live]
        .filter(([, l]) => l.ipc !== undefined || l.waiter !== undefined)
        .map(([seat, l]) => ({
          seat,
          client: seats[seat]?.client ?? seat,
          connected: l.ipc !== undefined,
          reachable: l.waiter !== undefined,
          busy: isBusy(seat),
          ...(l.waiting !== undefined && isBusy(seat)
            ? {
                waiting: true,
                waitingSince: l.waiting.roomAt,
                ...(l.waiting.tool === undefined ? {} : { waitingFor: l.waiting.tool }),
              }
            : {}),
        }))
        .slice(0, MAX_FACTS),
  };
}
