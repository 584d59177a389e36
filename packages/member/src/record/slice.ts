// Authors who told two stories, and the proof of each.
import type { Slice } from "../kernel/slice.ts";
import { type Conflict, type Conflicts, foldConflict } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly conflicts: Conflicts;
  }
  interface InRecords {
    readonly record: { readonly op: "conflict" } & Conflict;
  }
}

export const recordSlice: Slice = {
  empty: () => ({ conflicts: {} }),
  in: {
    conflict({ conflicts }, record) {
      const { op: _, ...conflict } = record;
      foldConflict(conflicts, conflict);
    },
  },
};
