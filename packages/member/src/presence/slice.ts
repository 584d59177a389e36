// What this member told the room it is busy with.
import type { Slice } from "../kernel/slice.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    doing?: string;
  }
  interface InRecords {
    readonly presence: { readonly op: "doing"; readonly text?: string };
  }
}

export const presenceSlice: Slice = {
  empty: () => ({}),
  in: {
    doing(state, { text }) {
      if (text === undefined) delete state.doing;
      else state.doing = text;
    },
  },
};
