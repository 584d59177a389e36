// Attention: what waits for the person, as every feature tells it. Whatever is counted anywhere is counted here.
import { ok } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { inOrder, listed } from "./order.ts";

export const attention = defineFeature({
  name: "attention",
  start({ hooks }) {
    return {
      part: undefined,
      requests: {
        attention() {
          const items = inOrder(hooks.waits());
          return Promise.resolve(ok({ items: listed(items), count: items.length }));
        },
      },
    };
  },
});
