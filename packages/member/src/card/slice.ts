// The room's cards, of which one counts.
import type { Slice } from "../kernel/slice.ts";
import { foldCard, type HeldCard, type HeldCards } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly cards: HeldCards;
  }
  interface InRecords {
    readonly card: { readonly op: "card"; readonly card: HeldCard } | { readonly op: "uncard"; readonly key: string };
  }
}

export const cardSlice: Slice = {
  empty: () => ({ cards: {} }),
  in: {
    card: ({ cards }, { card }) => void foldCard(cards, card),
    uncard({ cards }, { key }) {
      delete cards[key];
    },
  },
};
