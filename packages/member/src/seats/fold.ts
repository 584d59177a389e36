// Seats: one client session each, with the cursors of what it was handed and what it has seen of the room's talk. A fold
// over the seat records of inbox.jsonl.

export interface Seat {
  readonly seat: string;
  readonly client: string;
  /** Every session id this seat had: `/clear` changes it, a resume brings an old one back. */
  readonly sessions: readonly string[];
  readonly at: number;
  readonly ended: boolean;
  /** Ordinals in the room's talk: what is above `handed` is new, what is above `seen` was perhaps not seen. */
  readonly handed: number;
  readonly seen: number;
  /** Up to here it was shown a second time: not again. */
  readonly repeated: number;
  /** The highest hop handed since a person last typed here, and its chain; -1 for none. */
  readonly hop: number;
  readonly chain?: string;
  /** An operator ended its automatic turns: it gets none until a person types there again. */
  readonly interrupted?: true;
}

export type SeatRecord =
  | {
      readonly op: "seat";
      readonly at: number;
      readonly seat: string;
      readonly client: string;
      readonly session: string;
      readonly ordinal: number;
    }
  | { readonly op: "seat-end"; readonly at: number; readonly seat: string }
  | { readonly op: "interrupt"; readonly at: number; readonly seat: string }
  | { readonly op: "typed"; readonly at: number; readonly seat: string }
  | {
      readonly op: "shown";
      readonly at: number;
      readonly seat: string;
      readonly ordinal: number;
      readonly hop: number;
      readonly chain?: string;
    }
  | { readonly op: "signed"; readonly at: number; readonly seat: string };

/** Seats by name; plain JSON. */
export type Seats = Record<string, Seat>;

/** A seat's number is not given to another session for this long, milliseconds. */
export const SEAT_KEPT_MS = 30 * 24 * 3600 * 1000;
const MAX_SESSIONS = 20;

/** Folds one record into the seats, in place. */
export function foldSeats(seats: Seats, record: SeatRecord): Seats {
  const seat = seats[record.seat];
  if (record.op === "seat") {
    seats[record.seat] =
      seat === undefined || !isSame(seat, record)
        ? begin(record)
        : {
            ...seat,
            sessions: [...seat.sessions.filter((s) => s !== record.session), record.session].slice(-MAX_SESSIONS),
            at: record.at,
            ended: false,
          };
    return seats;
  }
  if (seat !== undefined) seats[record.seat] = advance(seat, record);
  return seats;
}

/** A record continues a seat unless the seat's name was given to a new session after its time. */
function isSame(seat: Seat, record: Extract<SeatRecord, { op: "seat" }>): boolean {
  return seat.sessions.includes(record.session) || record.at - seat.at < SEAT_KEPT_MS;
}

function begin(record: Extract<SeatRecord, { op: "seat" }>): Seat {
  const { seat, client, session, at, ordinal } = record;
  return {
    seat,
    client,
    sessions: [session],
    at,
    ended: false,
    handed: ordinal,
    seen: ordinal,
    repeated: ordinal,
    hop: -1,
  };
}

function advance(seat: Seat, record: Exclude<SeatRecord, { op: "seat" }>): Seat {
  switch (record.op) {
    case "seat-end":
      return { ...seat, ended: true, at: record.at };
    case "interrupt":
      return { ...seat, interrupted: true, at: record.at };
    case "typed": {
      const { chain: _, interrupted: __, ...rest } = seat;
      return { ...rest, hop: -1, at: record.at };
    }
    case "shown":
      return {
        ...seat,
        at: record.at,
        repeated: seat.handed,
        handed: Math.max(seat.handed, record.ordinal),
        ...(record.hop > seat.hop
          ? { hop: record.hop, ...(record.chain === undefined ? {} : { chain: record.chain }) }
          : {}),
      };
    case "signed":
      return { ...seat, seen: seat.handed, repeated: seat.handed };
  }
}

/** The seat that has or had this session. */
export function seatOfSession(seats: Seats, session: string): Seat | undefined {
  return Object.values(seats).find((s) => s.sessions.includes(session));
}

/** A name for a new session's seat: `claude`, else `claude.2`, `claude.3`, …: the first not used for 30 days. */
export function freeSeatName(seats: Seats, client: string, now: number): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? client : `${client}.${n}`;
    const seat = seats[name];
    if (seat === undefined || (seat.ended && now - seat.at > SEAT_KEPT_MS)) return name;
  }
}
