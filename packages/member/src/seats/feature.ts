// Seats: the client sessions of this project, what each has been shown, and how each is woken.
import { controls } from "../controls/feature.ts";
import { files } from "../files/feature.ts";
import { inbox } from "../inbox/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { isTalk } from "../kernel/state.ts";
import { createSeats, type Seats } from "./keeper.ts";
import { createRecentMessages } from "./recent-messages.ts";
import { seatRequests } from "./requests.ts";
import { seatsSlice } from "./slice.ts";

/** Members named who wait for a seat that waits for its person. */
const MAX_BLOCKED = 8;

export const seats = defineFeature<Seats>({
  name: "seats",
  slice: seatsSlice,
  start(kernel, use) {
    const { me, store, on } = kernel;
    const operators = use(controls);
    const items = use(inbox);
    const offers = use(files);
    const recent = createRecentMessages(store, me);
    const part = createSeats({
      ...kernel,
      inbox: items,
      recent,
      fileOf: (id) => offers.stateOf(id),
      brake: () => operators.brake(),
      changed: kernel.factsSoon,
    });
    items.busyWhen((seat) => part.isBusy(seat));
    for (const news of [on.inbox, on.controls, on.channels]) news(() => part.refresh());
    return {
      part,
      requests: seatRequests({ ...kernel, inbox: items, seats: part }),
      hooks: {
        kept({ event, record, isPast }) {
          if (!isTalk(event.head, me, record) || isPast) return;
          recent.add(record, event.head, store.state.ordinal);
          part.refresh();
        },
        facts: () => ({ seats: part.facts() }),
        waits: () =>
          part.permissions().map(({ seat, at, tool }) => {
            const handled = Object.values(store.state.inbox).filter((item) => item.handler?.seat === seat);
            const blocks = [...new Set(handled.map(({ from }) => from))].slice(0, MAX_BLOCKED);
            return {
              id: seat,
              kind: "permission",
              from: me,
              seat,
              role: "agent",
              text: tool === undefined ? "waits for a permission" : `waits for permission: ${tool}`,
              since: at,
              ...(tool === undefined ? {} : { tool }),
              ...(blocks.length === 0 ? {} : { blocks }),
            };
          }),
        tick: () => part.refresh(),
      },
    };
  },
});
