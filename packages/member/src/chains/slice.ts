// The chains this member took part in: how many automatic turns each took, and what people and questions said of its limit.
import { budgetOf } from "../kernel/record.ts";
import type { Slice } from "../kernel/slice.ts";
import { type Chains, foldAsked, foldChain, foldMore, foldWoken } from "./fold.ts";

declare module "../kernel/state.ts" {
  interface MemberState {
    readonly chains: Chains;
  }
  interface InRecords {
    readonly chains: { readonly op: "asked"; readonly chain: string; readonly limit: number };
  }
}

export const chainsSlice: Slice = {
  empty: () => ({ chains: {} }),
  told({ chains }, { head, body }) {
    foldChain(chains, head);
    // Only a person gives more. [CHAIN-4]
    const budget = head.role === "user" ? budgetOf({ head, body }) : undefined;
    if (budget !== undefined && budget.asks === undefined) foldMore(chains, budget.chain, head.id, budget.turns);
  },
  in: {
    asked: ({ chains }, { chain, limit }) => void foldAsked(chains, chain, limit),
    add({ chains }, { item }) {
      if (item.card !== undefined) foldAsked(chains, item.chain, item.card.limit);
    },
    handed({ chains, inbox }, { id }) {
      // The inbox has folded it before: handed once, it wakes a turn of the chain.
      const item = inbox[id];
      if (item?.state === "auto" && item.handed?.times === 1) foldWoken(chains, item.chain);
    },
  },
};
