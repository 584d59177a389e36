// Who reacted to what, with which text.
import type { Slice } from "../kernel/slice.ts";
import { foldReaction, type Reactions } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly reactions: Reactions;
  }
}

export const reactionsSlice: Slice = {
  empty: () => ({ reactions: {} }),
  told: ({ reactions }, { head, body, line, who }) => foldReaction(reactions, { head, body, by: line.by }, who),
};
