// The room's card: its title, its purpose and its repositories.
import { ok } from "@agora/protocol";
import { controls } from "../controls/feature.ts";
import { keptLately } from "../controls/kept-lately.ts";
import { defineFeature } from "../kernel/feature.ts";
import { type CardKeeper, createCard } from "./keeper.ts";
import { card as cardOf, setCard } from "./requests.ts";
import { cardSlice } from "./slice.ts";

export const card = defineFeature<CardKeeper>({
  name: "card",
  slice: cardSlice,
  start(kernel, use) {
    const operators = use(controls);
    const part = createCard(kernel, operators);
    const context = { ...kernel, controls: operators, card: part };
    return {
      part,
      requests: {
        card: () => Promise.resolve(ok(cardOf(context))),
        setCard: (args) => setCard(context, args),
      },
      hooks: {
        begin() {
          for (const { event } of keptLately(kernel.store, ["card"])) part.catchUp(event);
        },
        withholds: (event) =>
          event.head.kind === "card" && part.judge(event) === undefined
            ? "a card by somebody who may not set it"
            : undefined,
        kept({ event, record }) {
          if (event.head.kind === "card" && record.withheld === undefined && part.judge(event) !== undefined)
            part.take(event);
        },
        restored(event) {
          if (event.head.kind === "card" && part.judge(event) !== undefined) part.take(event);
        },
        disowned: (event) => part.disown(event),
      },
    };
  },
});
