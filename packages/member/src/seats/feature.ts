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
        tick: () => part.refresh(),
      },
    };
  },
});
