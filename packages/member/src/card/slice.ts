// The room's cards, of which one counts.
import type { Slice } from "../kernel/slice.ts";
import { foldCard, type HeldCard, type HeldCards } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly cards: HeldCards;
  }
  interface InRecords {
    readonly card: { readonly op: "card"; readonly card: HeldCard };
  }
}

export const cardSlice: Slice = {
  empty: () => ({ cards: {} }),
  in: { card: ({ cards }, { card }) => foldCard(cards, card) },
};
