// What this member's sessions were shown, and by which ways their models were reached.
import { folds, type Slice } from "../kernel/slice.ts";
import { foldSeats, type SeatRecord, type Seats } from "./fold.ts";
import { foldProven, type Proven, type ProvenWakeMethod } from "./proven-fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly seats: Seats;
    /** The ways by which the models of one's seats showed that they were reached. */
    readonly proven: Proven;
    /** Turns under way when a daemon handed over, by seat: since when. In no journal: it matters for a moment only. */
    busy: Record<string, number>;
  }
  interface InRecords {
    readonly seats: SeatRecord | ({ readonly op: "proven" } & ProvenWakeMethod);
  }
}

export const seatsSlice: Slice = {
  empty: () => ({ seats: {}, proven: {}, busy: {} }),
  in: {
    ...folds(
      ["seat", "seat-end", "typed", "shown", "signed", "interrupt"],
      (state, record) => void foldSeats(state.seats, record),
    ),
    proven: ({ proven }, record) => foldProven(proven, record),
  },
};
