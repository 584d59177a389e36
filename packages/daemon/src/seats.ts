// Seats: the client sessions of this project that are alive now, what each is handed at a prompt, and when it is woken.
import type { Handed, SeatState, Session } from "@agora/ipc";
import type { Clock, Log } from "@agora/ports";
import type { SeatFacts } from "@agora/protocol";
import {
  eventOf,
  freeSeatName,
  isAsked,
  isToShowAgain,
  type Item,
  NOWHERE,
  type Rung,
  type Seat,
  seatOfSession,
} from "@agora/room";
import type { Attention } from "./attention.ts";
import type { Brake } from "./controls.ts";
import { outcomeLine, overLine, withQuestion } from "./question-line.ts";
import { recordToLine, type Said, type Talk, toLine } from "./talk.ts";
import type { FileState } from "@agora/ipc";
import type { Store } from "./store.ts";
import type { ProvenRung } from "./proven.ts";
import { createWakeProofs, type Proof } from "./wake-proof.ts";

/** What a waiter hears. */
export interface Wake {
  readonly wake: boolean;
  readonly count: number;
  readonly from: readonly string[];
}

export interface Seats {
  /** Binds an ipc session to the seat of a client session. */
  attach(ipc: Session, client: string, session: string): Seat;
  /** The client's session id changed in place. */
  resession(ipc: Session, session: string): Seat | undefined;
  /** The seat an ipc session is bound to. */
  of(ipc: Session): Seat | undefined;
  /** The seat of a client session, made when it is new. */
  ensure(client: string, session: string): Seat;
  known(session: string): Seat | undefined;
  /** `poll`: no turn begins, the model looks. */
  prompt(seat: string, typed: boolean, poll?: boolean): Handed;
  sign(seat: string, deliver: boolean): Handed;
  /** `last`: the turn went on too often already, so what would keep it going waits for the person. */
  turnEnd(seat: string, last?: boolean): Handed & { readonly mention?: Handed["items"][number]["line"] };
  /** The person broke its turn off: it is idle, and what it was asked there waits for the person. */
  breakOff(seat: string): void;
  /** An item the person handed to this seat just now: the answer to their command shows it. */
  giveAccepted(seat: string, id: string): void;
  end(session: string): void;
  /** Resolves when the seat of the session shall be woken; a newer waiter of the same seat ends the older one. */
  awaitWake(ipc: Session, session: string): Promise<Wake>;
  /** Wakes a seat for a test and waits for the word; undefined: there is no such seat. */
  probe(seat: string, word: string, timeoutMs: number): Promise<Proof> | undefined;
  /** The model of a seat brings a test's word back. */
  bring(seat: string, word: string): boolean;
  rungs(): readonly ProvenRung[];
  /** Something may have changed: wakes whom to wake, tells attached seats what is unread. */
  refresh(): void;
  /** Ends the automatic turns of a seat, or of all, until a person types there; gives those it ended. */
  interrupt(seat: string | undefined, notice: string): readonly string[];
  /** The client asks its person for a permission. */
  waiting(seat: string): void;
  /** A successor takes over: nobody is woken any more, and turns under way are noted for it. */
  rest(): void;
  /** Whether a turn of this seat is under way. */
  isBusy(seat: string): boolean;
  facts(): readonly SeatFacts[];
  /** Seats that have not ended. */
  alive(): readonly string[];
  state(seat: Seat): Omit<SeatState, "connection" | "name" | "room" | "mode">;
}

/** Of the room's talk, so many are handed at once; older ones are counted as skipped. */
const MAX_TALK = 30;
const QUESTION_WAITS =
  "a question from the room waits for the user alone, who sees it with the questions command and answers with answer";
/** Without a sign for this long a turn counts as over: the person pressed Esc, and not every client tells of that. */
const BUSY_MS = 10 * 60_000;
/** After a hand-over a seat that was in a turn has so long to attach again. */
const BACK_WITHIN_MS = 15_000;

interface Live {
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
  /** It asks its person for a permission and waits. */
  waiting?: boolean;
  unread: number;
}

/** Makes the keeper of seats. `changed` is called when facts for presence changed. */
export function createSeats(options: {
  readonly store: Store;
  readonly attention: () => Attention;
  readonly talk: Talk;
  readonly clock: Clock;
  readonly log: Log;
  readonly me: string;
  readonly fileOf: (id: string) => FileState | undefined;
  readonly brake: () => Brake | undefined;
  readonly changed: () => void;
}): Seats {
  const { store, talk, clock, log, me } = options;
  const seats = store.state.seats;
  const live = new Map<string, Live>();
  const bySession = new Map<Session, string>();
  const proofs = createWakeProofs(clock, {
    known: Object.values(store.state.proven),
    keep: (proven) => store.in({ op: "proven", ...proven }),
  });

  const liveOf = (seat: string): Live => {
    const known = live.get(seat) ?? { unread: 0 };
    live.set(seat, known);
    return known;
  };
  const bornAt = clock.now();
  let resting = false;
  const isBusy = (l: Live | undefined): boolean => {
    if (l?.busySince === undefined) return false;
    const now = clock.now();
    return now - l.busySince < BUSY_MS && (l.ipc !== undefined || now - bornAt < BACK_WITHIN_MS);
  };
  for (const [seat, busySince] of Object.entries(store.state.busy)) liveOf(seat).busySince = busySince;
  store.state.busy = {};

  const record = (seat: string, client: string, session: string): Seat => {
    store.in({ op: "seat", at: clock.now(), seat, client, session, ordinal: store.state.ordinal });
    return seats[seat]!;
  };
  const isAttachedElsewhere = (seat: string, ipc?: Session): boolean => {
    const other = live.get(seat)?.ipc;
    return other !== undefined && other !== ipc && !other.closed;
  };
  const ensure = (client: string, session: string, ipc?: Session): Seat => {
    const known = seatOfSession(seats, session);
    if (known !== undefined && !isAttachedElsewhere(known.seat, ipc))
      return known.ended || known.sessions.at(-1) !== session ? record(known.seat, known.client, session) : known;
    if (known !== undefined && known.sessions.at(-1) === session) return known; // the same session by a second process
    return record(freeSeatName(seats, client, clock.now()), client, session);
  };

  const lineOfItem = (item: Item): Handed["items"][number]["line"] | undefined => {
    if (item.over !== undefined) return overLine(item, item.over, me);
    if (item.position === NOWHERE) return outcomeLine(item, store, clock.now(), me);
    const kept = store.at(item.position);
    const line = kept === undefined ? undefined : recordToLine(kept, me, options.fileOf);
    return line === undefined ? undefined : withQuestion(line, store, clock.now(), me);
  };

  /** What this seat may be given: one that an operator holds or interrupted, only what is not for it to answer by itself. */
  const mine = (seat: string): readonly Item[] => {
    const items = options.attention().for(seat);
    const isHeld = seats[seat]?.interrupted === true || options.brake() !== undefined;
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
    const l = liveOf(seat);
    const brake = options.brake();
    const words = [...(l.notice === undefined ? [] : [l.notice])];
    if (brake !== undefined && l.told !== brake.sig) words.push(brake.words);
    if (brake === undefined && l.told !== undefined) words.push("what an operator had stopped or paused goes on");
    if (askedOfPerson(seat).some((id) => l.toldOf?.has(id) !== true)) words.push(QUESTION_WAITS);
    return words;
  };
  const withNotices = (seat: string, handed: Handed): Handed => {
    const notices = noticesOf(seat);
    const l = liveOf(seat);
    l.notice = undefined;
    l.told = options.brake()?.sig;
    l.toldOf = new Set(askedOfPerson(seat));
    return notices.length === 0 ? handed : { ...handed, notices };
  };

  /** Which items and talk a prompt of this seat would show. */
  const due = (seat: Seat): { items: readonly Item[]; said: readonly Said[]; skipped: number } => {
    const items = mine(seat.seat).filter((item) => item.handed === undefined || isToShowAgain(item));
    const from = Math.max(seat.seen, seat.repeated);
    const now = clock.now();
    const above = talk.above(from);
    const said = above.slice(-MAX_TALK).filter((s) => s.head.expires === undefined || now <= s.head.expires); // [EVENT-10]
    return { items, said, skipped: Math.max(0, store.state.ordinal - from - said.length) };
  };

  const give = (seat: Seat, items: readonly Item[], said: readonly Said[], skipped: number, rung: Rung): Handed => {
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
      options.attention().handed(item, seat.seat, rung);
      raise(item.hop, item.chain);
    }
    const given = new Set(items.map((item) => item.id));
    for (const { record: kept, head, ordinal } of said) {
      if (given.has(head.id)) continue; // an operator's word to this member is both
      const event = { head, body: kept.body ?? kept.text };
      const file = head.kind === "file" ? options.fileOf(head.id) : undefined;
      shown.push({ line: toLine(event, kept.at, me, kept.stamp, file), again: ordinal <= seat.handed, asked: false });
      raise(head.hop, head.chain);
    }
    if (shown.length > 0 || skipped > 0) {
      const ordinal = said.length > 0 || skipped > 0 ? store.state.ordinal : seat.handed;
      store.in({
        op: "shown",
        at: clock.now(),
        seat: seat.seat,
        ordinal,
        hop,
        ...(chain === undefined ? {} : { chain }),
      });
    }
    return { items: shown, inbox: openCount(), skipped };
  };
  const openCount = (): number =>
    Object.values(store.state.inbox).filter((i) => i.state === "open" && i.answers === undefined).length;

  const signed = (seat: string): void => {
    const s = seats[seat];
    if (s !== undefined && (s.seen !== s.handed || s.repeated !== s.handed))
      store.in({ op: "signed", at: clock.now(), seat });
    for (const item of Object.values(store.state.inbox)) {
      if (item.handed?.seat !== seat || item.seen === true) continue;
      proofs.signed(seat, item.handed.rung);
      options.attention().seen(item);
    }
  };

  const refresh = (): void => {
    if (resting) return;
    for (const [seat, l] of live) {
      const s = seats[seat];
      if (s === undefined) continue;
      if (l.waiter !== undefined && s.interrupted !== true) {
        const leased = options.attention().leaseForWake(seat, isBusy(l));
        if (leased.length > 0) {
          const waiter = l.waiter;
          l.waiter = undefined;
          log.info("wake", { seat, count: leased.length });
          waiter({ wake: true, count: leased.length, from: [...new Set(leased.map((i) => i.from))] });
          options.changed(); // it can be reached again when it has armed anew
        }
      }
      if (l.ipc !== undefined) {
        const { items, said, skipped } = due(s);
        const unread = items.length + said.length + skipped + noticesOf(seat).length;
        if (unread !== l.unread) {
          l.unread = unread;
          l.ipc.push({ push: "unread", count: unread });
        }
      }
    }
  };

  const bind = (ipc: Session, seat: string): void => {
    bySession.set(ipc, seat);
    liveOf(seat).ipc = ipc;
    liveOf(seat).leaving = false;
    liveOf(seat).unread = -1; // tell the count anew
    refresh();
    options.changed();
  };

  return {
    attach(ipc, client, session) {
      const seat = ensure(client, session, ipc);
      bind(ipc, seat.seat);
      ipc.onClose(() => {
        const bound = bySession.get(ipc);
        bySession.delete(ipc);
        const l = bound === undefined ? undefined : live.get(bound);
        if (l?.ipc !== ipc) return;
        l.ipc = undefined;
        l.busySince = undefined;
        if (l.leaving === true) store.in({ op: "seat-end", at: clock.now(), seat: bound! });
        l.leaving = false;
        options.changed();
      });
      return seat;
    },
    resession(ipc, session) {
      const seat = seats[bySession.get(ipc) ?? ""];
      if (seat === undefined) return undefined;
      const known = seatOfSession(seats, session);
      if (known !== undefined && known.seat !== seat.seat && !isAttachedElsewhere(known.seat, ipc)) {
        // An older session was resumed in this process: its own seat goes on.
        const left = live.get(seat.seat);
        if (left !== undefined) left.ipc = undefined;
        const resumed = record(known.seat, known.client, session);
        bind(ipc, resumed.seat);
        return resumed;
      }
      liveOf(seat.seat).leaving = false;
      return record(seat.seat, seat.client, session);
    },
    of: (ipc) => seats[bySession.get(ipc) ?? ""],
    ensure: (client, session) => ensure(client, session),
    known: (session) => seatOfSession(seats, session),
    prompt(name, typed, poll = false) {
      const l = liveOf(name);
      l.busySince = clock.now();
      l.waiting = false;
      if (typed) store.in({ op: "typed", at: clock.now(), seat: name });
      const seat = seats[name]!;
      const { items, said, skipped } = due(seat);
      const handed = withNotices(name, give(seat, items, said, skipped, poll ? "tool" : typed ? "prompt" : "wake"));
      const word = typed || poll ? undefined : proofs.wordFor(name);
      refresh();
      options.changed();
      return word === undefined ? handed : { ...handed, word };
    },
    sign(name, deliver) {
      signed(name);
      const l = liveOf(name);
      l.busySince = clock.now();
      const waited = l.waiting === true;
      l.waiting = false;
      if (waited) options.changed();
      const isDue = (i: Item): boolean => (isAsked(i) || i.outcome === true) && i.handed === undefined;
      const asked = deliver ? mine(name).filter(isDue) : [];
      const given = give(seats[name]!, asked, [], 0, "tool");
      const handed = deliver ? withNotices(name, given) : given;
      refresh();
      return handed;
    },
    turnEnd(name, last = false) {
      signed(name);
      proofs.turnEnded(name);
      const attention = options.attention();
      const nudge: Item[] = [];
      for (const item of mine(name)) {
        if (item.state !== "auto" || (item.answers !== undefined && item.outcome !== true)) continue;
        if (last) attention.fall(item, "too many automatic turns in a row");
        else if (item.handed === undefined) nudge.push(item);
        else if (item.handed.seat !== name || item.outcome === true) continue;
        else if (item.nudged === true || item.handed.rung === "wake") attention.fall(item, "no answer");
        else nudge.push(item);
      }
      const handed = give(seats[name]!, nudge, [], 0, "stop");
      for (const item of nudge) attention.nudged(item);
      liveOf(name).waiting = false;
      liveOf(name).busySince = nudge.length > 0 ? clock.now() : undefined;
      refresh();
      options.changed();
      const mention = handed.items[0]?.line;
      return { ...handed, ...(mention === undefined ? {} : { mention }) };
    },
    breakOff(name) {
      proofs.turnEnded(name);
      const l = liveOf(name);
      [l.busySince, l.waiting] = [undefined, false];
      // Left to the seat, it would be woken for the same at once.
      options.attention().interrupt([name], "the turn was broken off");
      refresh();
      options.changed();
    },
    giveAccepted(name, id) {
      const item = store.state.inbox[id];
      if (item !== undefined) give(seats[name]!, [item], [], 0, "prompt");
    },
    end(session) {
      const seat = seatOfSession(seats, session);
      if (seat === undefined || seat.sessions.at(-1) !== session) return;
      const l = live.get(seat.seat);
      l?.waiter?.({ wake: false, count: 0, from: [] });
      if (l !== undefined) [l.waiter, l.busySince] = [undefined, undefined];
      options.attention().release(seat.seat);
      if (l?.ipc === undefined || l.ipc.closed) store.in({ op: "seat-end", at: clock.now(), seat: seat.seat });
      else l.leaving = true;
      options.changed();
    },
    awaitWake(ipc, session) {
      const seat = seatOfSession(seats, session);
      if (seat === undefined) return Promise.resolve({ wake: false, count: 0, from: [] });
      const l = liveOf(seat.seat);
      l.waiter?.({ wake: false, count: 0, from: [] });
      return new Promise((resolve) => {
        l.waiter = resolve;
        ipc.onClose(() => {
          if (l.waiter !== resolve) return;
          l.waiter = undefined;
          options.changed();
        });
        refresh();
        options.changed();
      });
    },
    probe(name, word, timeoutMs) {
      const l = live.get(name);
      if (l === undefined) return undefined;
      const { waiter } = l;
      if (waiter === undefined) {
        const reason = isBusy(l) ? "it is busy" : "nothing waits to wake it: it had no prompt yet, or can't be woken";
        return Promise.resolve({ proven: false, reason });
      }
      const proof = proofs.begin(name, word, timeoutMs);
      l.waiter = undefined;
      waiter({ wake: true, count: 0, from: [] });
      return proof;
    },
    bring: (name, word) => proofs.bring(name, word),
    rungs: () => proofs.rungs(),
    refresh,
    rest() {
      resting = true;
      for (const [seat, { busySince }] of live) if (busySince !== undefined) store.state.busy[seat] = busySince;
    },
    interrupt(seat, notice) {
      const names = [...live.keys()].filter(
        (name) => (seat === undefined || name === seat) && seats[name] !== undefined,
      );
      for (const name of names) {
        store.in({ op: "interrupt", at: clock.now(), seat: name });
        liveOf(name).notice = notice;
      }
      refresh();
      return names;
    },
    waiting(name) {
      liveOf(name).waiting = true;
      options.changed();
    },
    isBusy: (seat) => isBusy(live.get(seat)),
    facts: () =>
      [...live]
        .filter(([, l]) => l.ipc !== undefined || l.waiter !== undefined)
        .map(([seat, l]) => ({
          seat,
          client: seats[seat]?.client ?? seat,
          connected: l.ipc !== undefined,
          reachable: l.waiter !== undefined,
          busy: isBusy(l),
          ...(l.waiting === true && isBusy(l) ? { waiting: true } : {}),
        }))
        .slice(0, 32),
    alive: () =>
      Object.values(seats)
        .filter((s) => !s.ended)
        .map((s) => s.seat),
    state: (seat) => ({ seat: seat.seat, inbox: openCount() }),
  };
}

/** The event an item stands for. */
export function eventOfItem(store: Store, item: Item): ReturnType<typeof eventOf> {
  const kept = item.position === NOWHERE ? undefined : store.at(item.position);
  return kept === undefined ? undefined : eventOf(kept);
}
