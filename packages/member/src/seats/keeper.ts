// Seats: the client sessions of this project that are alive now; when their turns begin and end, and when each is woken.
import type { FileState, Handed, SeatState, Session } from "@agora/ipc";
import type { Clock, Log } from "@agora/ports";
import { harmlessLine, type SeatFacts } from "@agora/protocol";
import { isAsked, isToShowAgain, type Item } from "../inbox/fold.ts";
import { type Seat, seatOfSession } from "./fold.ts";
import type { InboxDispatcher } from "../inbox/inbox-dispatcher.ts";
import type { Brake } from "../controls/keeper.ts";
import type { ProvenWakeMethod } from "./proven-fold.ts";
import type { RoomTime } from "../kernel/room-time.ts";
import type { Store } from "../kernel/store.ts";
import type { RecentMessages } from "./recent-messages.ts";
import { createWakeProofs, type Proof } from "./wake-proof.ts";
import { createHanding, onlyItems } from "./handing.ts";
import { createLiveSeats, NO_WAKE, type PermissionWait, type Wake } from "./live.ts";

/** Of the name of a tool, characters. */
const MAX_TOOL = 60;

export interface Seats {
  /** Binds an ipc session to the seat of a client session. */
  attach(ipc: Session, client: string, session: string): Seat;
  /** The client behind a connection is gone, whatever holds the connection open. */
  lose(ipc: Session): void;
  /** The client's session id changed in place. */
  resession(ipc: Session, session: string): Seat | undefined;
  /** The seat an ipc session is bound to. */
  of(ipc: Session): Seat | undefined;
  /** The seat of a client session, made when it is new. */
  ensure(client: string, session: string): Seat;
  known(session: string): Seat | undefined;
  /** `poll`: no turn begins, the model looks. */
  prompt(seat: string, typed: boolean, poll?: boolean): Handed;
  /** `lost`: what was handed before never reached the model, so it is not seen by this. */
  sign(seat: string, deliver: boolean, lost?: boolean): Handed;
  /** `last`: the turn went on too often already, so what would keep it going waits for the person. */
  turnEnd(
    seat: string,
    last?: boolean,
    lost?: boolean,
  ): Handed & { readonly mention?: Handed["items"][number]["line"] };
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
  rungs(): readonly ProvenWakeMethod[];
  /** Something may have changed: wakes whom to wake, tells attached seats what is unread. */
  refresh(): void;
  /** Ends the automatic turns of a seat, or of all, until a person types there; gives those it ended. */
  interrupt(seat: string | undefined, notice: string): readonly string[];
  /** The client asks its person for a permission. */
  waiting(seat: string, tool?: string): void;
  /** Own seats whose client waits for its person. */
  permissions(): readonly (PermissionWait & { readonly seat: string })[];
  /** A successor takes over: nobody is woken any more, and turns under way are noted for it. */
  rest(): void;
  /** Whether a turn of this seat is under way. */
  isBusy(seat: string): boolean;
  facts(): readonly SeatFacts[];
  /** Seats that have not ended. */
  alive(): readonly string[];
  state(seat: Seat): Omit<SeatState, "connection" | "name" | "room" | "mode">;
}

/** Creates the keeper of seats. `changed` is called when facts for presence changed. */
export function createSeats(options: {
  readonly store: Store;
  readonly inbox: InboxDispatcher;
  readonly recent: RecentMessages;
  readonly clock: Clock;
  readonly roomTime: Pick<RoomTime, "now">;
  readonly log: Log;
  readonly me: string;
  readonly fileOf: (id: string) => FileState | undefined;
  readonly brake: () => Brake | undefined;
  readonly changed: () => void;
}): Seats {
  const { store, clock, roomTime, log, changed } = options;
  const seats = store.state.seats;
  const live = createLiveSeats(store, clock);
  const { mine, due, unread, give, withNotices, openCount } = createHanding({ ...options, live });
  const proofs = createWakeProofs(clock, {
    known: Object.values(store.state.proven),
    keep: (proven) => store.in({ op: "proven", ...proven }),
  });
  let resting = false;

  const signed = (seat: string): void => {
    const s = seats[seat];
    if (s !== undefined && (s.seen !== s.handed || s.repeated !== s.handed))
      store.in({ op: "signed", at: clock.now(), seat });
    for (const item of Object.values(store.state.inbox)) {
      if (item.handed?.seat !== seat || item.seen === true) continue;
      proofs.signed(seat, item.handed.rung);
      options.inbox.seen(item);
    }
  };

  const refresh = (): void => {
    if (resting) return;
    for (const [seat, l] of live.all()) {
      const s = seats[seat];
      if (s === undefined) continue;
      if (l.waiter !== undefined && s.interrupted !== true) {
        const taken = options.inbox.takeForWake(seat, live.isBusy(seat));
        if (taken.length > 0) {
          const waiter = l.waiter;
          l.waiter = undefined;
          log.info("wake", { seat, count: taken.length });
          waiter({ wake: true, count: taken.length, from: [...new Set(taken.map((i) => i.from))] });
          changed(); // it can be reached again when it has armed anew
        }
      }
      if (l.ipc !== undefined) {
        const count = unread(s);
        if (count === l.unread) continue;
        l.unread = count;
        l.ipc.push({ push: "unread", count });
      }
    }
  };
  const refreshAll = (): void => {
    refresh();
    changed();
  };

  const lose = (ipc: Session): void => {
    if (live.unbind(ipc)) changed();
  };

  return {
    attach(ipc, client, session) {
      const seat = live.ensure(client, session, ipc);
      live.bind(ipc, seat.seat);
      refreshAll();
      ipc.onClose(() => lose(ipc));
      return seat;
    },
    lose,
    resession(ipc, session) {
      const before = live.of(ipc);
      const seat = live.resession(ipc, session);
      if (seat !== undefined && seat.seat !== before?.seat) refreshAll();
      return seat;
    },
    of: (ipc) => live.of(ipc),
    ensure: (client, session) => live.ensure(client, session),
    known: (session) => seatOfSession(seats, session),
    prompt(name, typed, poll = false) {
      const l = live.at(name);
      l.busySince = clock.now();
      l.waiting = undefined;
      if (typed) store.in({ op: "typed", at: clock.now(), seat: name });
      const seat = seats[name]!;
      const handed = withNotices(name, give(seat, due(seat), poll ? "tool" : typed ? "prompt" : "wake"));
      const word = typed || poll ? undefined : proofs.wordFor(name);
      refreshAll();
      return word === undefined ? handed : { ...handed, word };
    },
    sign(name, deliver, lost = false) {
      if (!lost) signed(name);
      const l = live.at(name);
      l.busySince = clock.now();
      const waited = l.waiting !== undefined;
      l.waiting = undefined;
      if (waited) changed();
      const isUnseen = (i: Item): boolean => i.handed === undefined || (lost && isToShowAgain(i));
      const isDue = (i: Item): boolean => (isAsked(i) || i.outcome === true) && isUnseen(i);
      const asked = deliver ? mine(name).filter(isDue) : [];
      const given = give(seats[name]!, onlyItems(asked), "tool");
      const handed = deliver ? withNotices(name, given) : given;
      refresh();
      return handed;
    },
    turnEnd(name, last = false, lost = false) {
      if (!lost) signed(name);
      proofs.turnEnded(name);
      const nudge: Item[] = [];
      for (const item of mine(name)) {
        if (item.state !== "auto" || (item.answers !== undefined && item.outcome !== true)) continue;
        if (last) options.inbox.fall(item, "too many automatic turns in a row");
        else if (item.handed === undefined) nudge.push(item);
        else if (item.handed.seat !== name || item.outcome === true) continue;
        else if (item.nudged === true || item.handed.rung === "wake") options.inbox.fall(item, "no answer");
        else nudge.push(item);
      }
      const handed = give(seats[name]!, onlyItems(nudge), "stop");
      for (const item of nudge) options.inbox.nudged(item);
      live.at(name).waiting = undefined;
      live.at(name).busySince = nudge.length > 0 ? clock.now() : undefined;
      refreshAll();
      const mention = handed.items[0]?.line;
      return { ...handed, ...(mention === undefined ? {} : { mention }) };
    },
    breakOff(name) {
      proofs.turnEnded(name);
      const l = live.at(name);
      [l.busySince, l.waiting] = [undefined, undefined];
      // Left to the seat, it would be woken for the same at once.
      options.inbox.interrupt([name], "the turn was broken off");
      refreshAll();
    },
    giveAccepted(name, id) {
      const item = store.state.inbox[id];
      if (item !== undefined) give(seats[name]!, onlyItems([item]), "prompt");
    },
    end(session) {
      const seat = seatOfSession(seats, session);
      if (seat === undefined || seat.sessions.at(-1) !== session) return;
      const l = live.find(seat.seat);
      l?.waiter?.(NO_WAKE);
      if (l !== undefined) [l.waiter, l.busySince] = [undefined, undefined];
      options.inbox.release(seat.seat);
      if (l?.ipc === undefined || l.ipc.closed) store.in({ op: "seat-end", at: clock.now(), seat: seat.seat });
      else l.leaving = true;
      changed();
    },
    awaitWake(ipc, session) {
      const seat = seatOfSession(seats, session);
      if (seat === undefined) return Promise.resolve(NO_WAKE);
      const l = live.at(seat.seat);
      l.waiter?.(NO_WAKE);
      return new Promise((resolve) => {
        l.waiter = resolve;
        ipc.onClose(() => {
          if (l.waiter !== resolve) return;
          l.waiter = undefined;
          changed();
        });
        refreshAll();
      });
    },
    probe(name, word, timeoutMs) {
      const l = live.find(name);
      if (l === undefined) return undefined;
      const { waiter } = l;
      if (waiter === undefined) {
        const reason = live.isBusy(name)
          ? "it is busy"
          : "nothing waits to wake it: it had no prompt yet, or can't be woken";
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
      live.keepTurns();
    },
    interrupt(seat, notice) {
      const names = [...live.all()]
        .map(([name]) => name)
        .filter((name) => (seat === undefined || name === seat) && seats[name] !== undefined);
      for (const name of names) {
        store.in({ op: "interrupt", at: clock.now(), seat: name });
        live.at(name).notice = notice;
      }
      refresh();
      return names;
    },
    waiting(name, tool) {
      const at = clock.now();
      const asked = tool === undefined ? "" : harmlessLine(tool.trim(), MAX_TOOL);
      live.at(name).waiting = { at, roomAt: Math.round(roomTime.now()), ...(asked === "" ? {} : { tool: asked }) };
      changed();
    },
    permissions: () =>
      [...live.all()].flatMap(([seat, { waiting }]) =>
        waiting === undefined || !live.isBusy(seat) ? [] : [{ seat, ...waiting }],
      ),
    isBusy: (seat) => live.isBusy(seat),
    facts: () => live.facts(),
    alive: () =>
      Object.values(seats)
        .filter((s) => !s.ended)
        .map((s) => s.seat),
    state: (seat) => ({ seat: seat.seat, inbox: openCount() }),
  };
}
