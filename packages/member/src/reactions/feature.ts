// Reactions: light receipts on what was said. They wake nobody, wait nowhere and are no talk: they stand beside their event.
import { channels } from "../channels/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { findEvent } from "../kernel/find-event.ts";
import { recordToLine } from "../kernel/line.ts";
import { atOnce } from "../kernel/steps.ts";
import { seats } from "../seats/feature.ts";
import { reactedTo, reactionsTo } from "./fold.ts";
import { react } from "./requests.ts";
import { reactionsSlice } from "./slice.ts";

/** How far back an event is looked for that this member reacted to, bytes: some 90 ms. */
const SEARCHED_BYTES = 64 * 1024 * 1024;
/** And when another member reacts to it: an older one shows it when it is asked for next. */
const RECENT_BYTES = 1024 * 1024;

export const reactions = defineFeature({
  name: "reactions",
  slice: reactionsSlice,
  start(kernel, use) {
    const { store, tell, me } = kernel;
    const context = { ...kernel, channels: use(channels) };
    const sessions = use(seats);
    return {
      part: undefined,
      requests: { react: (args, session) => react(context, args, sessions.of(session)) },
      hooks: {
        kept({ event, record, isMine }) {
          const id = record.withheld === undefined ? reactedTo(event.head) : undefined;
          // Others could name ids that are nowhere, and have the whole history searched each time.
          const about =
            id === undefined ? undefined : atOnce(findEvent(store, id, isMine ? SEARCHED_BYTES : RECENT_BYTES));
          const line = about?.ok === true ? recordToLine(about.value.value, me, () => undefined) : undefined;
          if (line !== undefined) tell.reactions({ id: line.id, reactions: reactionsTo(store.state.reactions, line) });
        },
        line(line) {
          const counted = reactionsTo(store.state.reactions, line);
          return counted.length === 0 ? line : { ...line, reactions: counted };
        },
      },
    };
  },
});
