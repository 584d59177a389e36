// One member that lives at the gateway: its own key, journals and link, its mailbox with a cursor, and a seat for each
// interface. What it is shown and what it says passes through the same code as in a project's daemon.
import type { IpcCode, RequestArgs, Results, Session, Via } from "@agora/ipc";
import type { RequestsWith } from "@agora/ipc/messages";
import { rowOf } from "@agora/ipc/requests";
import type { Cancel, Clock, Log } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import { CARE_EVERY_MS, CHAIN_REST_MS, MAX_STREAMS_PER_MEMBER, SEAT_QUIET_MS } from "../limits.ts";
import type { LiveMember } from "../live-member.ts";
import { createCursors, type Cursors, newGeneration } from "./cursor.ts";
import { createLocalSession, type LocalSession } from "./local-session.ts";
import { type MemberFacts, writeMemberFacts } from "./member-file.ts";

/** The interfaces, each a seat of its own: `name/rest`, `name/mcp`. */
export type SeatKind = "rest" | "mcp";

/** The requests that a gateway member may make; the others are for people at the machine. */
export type LentRequest = RequestsWith<"gateway">;

/** An open stream or wait: while there is one, the member can be reached. */
export interface OpenStream {
  close(): void;
}

export interface GatewayMember extends AsyncDisposable {
  readonly name: string;
  readonly live: LiveMember;
  readonly person: boolean;
  readonly grant: MemberFacts["grant"];
  readonly usedAt: number;
  readonly streams: number;
  /** Everything before it is acknowledged. */
  readonly cursor: number;
  /** How programs refer to positions in this member's history. */
  readonly cursors: Cursors;
  /** Makes a request as the seat of this interface. */
  ask<N extends LentRequest>(kind: SeatKind, name: N, args: RequestArgs<N>): Promise<Result<Results[N], IpcCode>>;
  /** The caller gave a sign of life: it has seen what was handed to the seat. */
  sign(kind: SeatKind): void;
  /** The name of this interface's seat, which is attached from now on. */
  seat(kind: SeatKind): string;
  /** Moves the cursor forward, permanently. */
  acknowledge(cursor: number): Promise<Result<void>>;
  /** Adds a stream; undefined when there are too many. */
  openStream(kind: SeatKind): OpenStream | undefined;
  /** The `via` of this member's REST requests. */
  viaOf(person: boolean): Via;
}

interface Seated {
  readonly session: LocalSession;
  usedAt: number;
  streams: number;
  waiter: LocalSession | undefined;
}

/** Pause before waiting for the next wake-up, so that a mention nobody takes doesn't cause a storm. */
const REARM_MS = 1_000;

/** Creates the gateway's side of a live member. */
export function createGatewayMember(options: {
  readonly live: LiveMember;
  readonly folder: string;
  readonly facts: MemberFacts;
  readonly clock: Clock;
  readonly log: Log;
}): GatewayMember {
  const { live, clock, log, folder } = options;
  const { room, store, handlers } = live;
  const { person, grant } = options.facts;
  let { cursor, usedAt } = options.facts;
  // A history shorter than what was acknowledged is a different one: part of the member's state was lost.
  const isSame = options.facts.generation !== undefined && cursor <= store.history.end;
  const generation = isSame ? options.facts.generation : newGeneration();
  cursor = Math.min(cursor, store.history.end);
  let writtenAt = 0;
  let writing: Promise<Result<void>> = Promise.resolve(ok(undefined));
  let closed = false;
  const seated = new Map<SeatKind, Seated>();
  let quiet: Cancel = () => undefined;

  const write = (): Promise<Result<void>> => {
    writtenAt = clock.now();
    const facts = { cursor, usedAt, generation, person, ...(grant === undefined ? {} : { grant }) };
    // One after the other, so that the last decision is also written last.
    writing = writing.then(() => writeMemberFacts(folder, facts));
    return writing;
  };
  const touch = (): void => {
    usedAt = clock.now();
    if (usedAt - writtenAt < CARE_EVERY_MS) return;
    void write().then((written) => {
      if (!written.ok) log.warn("member-file", { message: written.message });
    });
  };
  const attach = (kind: SeatKind): Seated => {
    touch();
    const known = seated.get(kind);
    if (known !== undefined && !known.session.closed) {
      known.usedAt = usedAt;
      return known;
    }
    const session = createLocalSession(`gateway-${kind}`);
    const fresh: Seated = { session, usedAt, streams: 0, waiter: undefined };
    seated.set(kind, fresh);
    room.seats.attach(session, kind, kind);
    return fresh;
  };
  const seatOf = (session: Session): string => room.seats.of(session)!.seat;
  const sign = (kind: SeatKind): void => {
    room.seats.sign(seatOf(attach(kind).session), false);
  };
  const stayReachable = (kind: SeatKind, own: Seated): void => {
    if (own.streams === 0 || own.waiter !== undefined || closed) return;
    const waiter = createLocalSession(`gateway-${kind}-waiter`);
    own.waiter = waiter;
    void room.seats.awaitWake(waiter, kind).then(() => {
      if (own.waiter !== waiter) return;
      own.waiter = undefined;
      clock.after(REARM_MS, () => stayReachable(kind, own));
    });
  };
  /** Nothing was handed over for a while: what is said now is no longer a consequence of anything. */
  const restChain = (seatName: string): void => {
    const seat = store.state.seats[seatName];
    if (seat !== undefined && seat.hop >= 0 && clock.now() - seat.at > CHAIN_REST_MS) {
      store.in({ op: "typed", at: clock.now(), seat: seatName });
    }
  };

  quiet = clock.every(SEAT_QUIET_MS / 2, () => {
    for (const [kind, own] of seated) {
      if (own.streams > 0 || clock.now() - own.usedAt < SEAT_QUIET_MS) continue;
      seated.delete(kind);
      own.session.end();
    }
  });

  return {
    name: room.me,
    live,
    person,
    grant,
    get usedAt() {
      return usedAt;
    },
    get streams() {
      return [...seated.values()].reduce((sum, own) => sum + own.streams, 0);
    },
    get cursor() {
      return cursor;
    },
    cursors: createCursors(generation, () => store.history.end),
    async ask(kind, name, args) {
      const { session } = attach(kind);
      if (rowOf(name).gateway !== true) return fail("not-allowed", "A member at the gateway can't ask for that.");
      if (name === "say") restChain(seatOf(session));
      // The table of handlers is typed by name; the compiler can't follow a name in a variable.
      const handler = handlers[name] as (args: unknown, session: Session) => Promise<Result<never, IpcCode>>;
      return handler(args, session);
    },
    sign,
    seat: (kind) => seatOf(attach(kind).session),
    async acknowledge(to) {
      cursor = Math.max(cursor, Math.min(to, store.history.end));
      usedAt = clock.now();
      return write();
    },
    openStream(kind) {
      const own = attach(kind);
      if (own.streams >= MAX_STREAMS_PER_MEMBER) return undefined;
      own.streams += 1;
      stayReachable(kind, own);
      let open = true;
      return {
        close() {
          if (!open) return;
          open = false;
          own.streams -= 1;
          own.usedAt = clock.now();
          if (own.streams > 0) return;
          const { waiter } = own;
          own.waiter = undefined;
          waiter?.end();
        },
      };
    },
    viaOf: (byPerson) => (byPerson ? "console" : "tool"),
    async [Symbol.asyncDispose]() {
      if (closed) return;
      closed = true;
      quiet();
      await write();
      for (const own of seated.values()) own.session.end();
      await live[Symbol.asyncDispose]();
    },
  };
}
