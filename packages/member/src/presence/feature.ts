// Who is in the room, and what this member tells it is busy with.
import { harmlessLine, ok } from "@agora/protocol";
import { defineFeature } from "../kernel/feature.ts";
import { inbox } from "../inbox/feature.ts";
import { seats } from "../seats/feature.ts";
import { who } from "./who.ts";
import { presenceSlice } from "./slice.ts";

export interface Doing {
  /** Tells the room; without a text, nothing any more. */
  set(text: string | undefined): void;
}

/** What a member says it is busy with, characters. */
const MAX_DOING = 200;

export const presence = defineFeature<Doing>({
  name: "presence",
  slice: presenceSlice,
  start(kernel, use) {
    const { store, factsSoon } = kernel;
    const context = { ...kernel, seats: use(seats), inbox: use(inbox) };
    const set: Doing["set"] = (text) => {
      store.in({ op: "doing", ...(text === undefined ? {} : { text }) });
      factsSoon();
    };
    return {
      part: { set },
      hooks: {
        facts: () => (store.state.doing === undefined ? {} : { status: store.state.doing }),
      },
      requests: {
        who: (args) => Promise.resolve(ok(who(context, args))),
        async busy({ text }) {
          const doing = text === undefined || text.trim() === "" ? undefined : harmlessLine(text.trim(), MAX_DOING);
          set(doing);
          return ok(doing === undefined ? {} : { text: doing });
        },
      },
    };
  },
});
