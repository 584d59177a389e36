// Chains: how many automatic turns may follow from what a person said, before a person is asked.
import { ok } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { budgetOf } from "../kernel/record.ts";
import { inbox } from "../inbox/feature.ts";
import { type ChainKeeper, createChains } from "./keeper.ts";
import { listChains, more } from "./requests.ts";
import { chainsSlice } from "./slice.ts";

export const chains = defineFeature<ChainKeeper>({
  name: "chains",
  slice: chainsSlice,
  start(kernel, use) {
    const items = use(inbox);
    const part = createChains({
      ...kernel,
      budget: kernel.settings.chainBudget,
      send: (event, to) => void kernel.outbox.queue(event, [to], "a question about a chain"),
      addCard: (item) => items.addCard(item),
    });
    items.limitChains(part);
    const context = { ...kernel, inbox: items, chains: part };
    return {
      part,
      requests: {
        more: (args) => more(context, args),
        chains: () => Promise.resolve(ok({ chains: listChains(context) })),
      },
      hooks: {
        kept({ event, record, position, isMine }) {
          if (!isMine && record.withheld === undefined && event.head.kind === "budget") part.asked(event, position);
        },
        settled({ event, record }) {
          const budget = record.withheld === undefined && event.head.role === "user" ? budgetOf(event) : undefined;
          if (budget !== undefined && budget.asks === undefined) items.resume(budget.chain, budget.turns);
        },
      },
    };
  },
});
