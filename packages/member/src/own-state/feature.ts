// The state of a person that all own devices share and nobody else sees: what was read, and which channels the person is in.
import {
  compareStamps,
  fail,
  FIRST_STAMP,
  isUnderstood,
  ok,
  ownStateSchema,
  readBody,
  readHead,
} from "@agora/protocol";
import { channels } from "../channels/feature.ts";
import { defineFeature } from "../kernel/feature.ts";
import { type HistoryRecord, toRecord } from "../kernel/record.ts";
import { keys } from "../keys/feature.ts";
import { entryOf, type OwnEntry } from "./fold.ts";
import { createOwnStates, type OwnStates } from "./keeper.ts";
import { ownStateSlice } from "./slice.ts";

export const ownState = defineFeature<OwnStates>({
  name: "own-state",
  slice: ownStateSlice,
  start(kernel, use) {
    const { store, me } = kernel;
    const keeper = createOwnStates(kernel, use(keys));
    const rounds = use(channels);
    /** What was said last in each channel, since this start. */
    const saidAt = new Map<string, string>();
    let isElsewhere = false;
    /** Another device has read a channel: what came here since is news on every device. */
    const readElsewhere = (channel: string, stamp: string): void => {
      if (compareStamps(saidAt.get(channel) ?? FIRST_STAMP, stamp) > 0) return;
      isElsewhere = true;
      rounds.read(channel);
      isElsewhere = false;
    };
    /** The person is where the latest word says, whichever device it came from. [DEVICE-16] */
    const follow = (channel: string): void => {
      const isIn = entryOf(store.state.ownState, "in", `#${channel}`)?.value;
      if (isIn === undefined || isIn === rounds.isIn(channel) || keeper.waits(channel)) return;
      if (isIn === false) return rounds.leave(channel);
      // Who was removed, or is in too many already, stays out; the person can say it here.
      if (!rounds.isFull && rounds.removalOf(channel, kernel.myKey) === undefined) rounds.enter(channel);
    };
    return {
      part: keeper,
      requests: {
        reads: () => Promise.resolve(ok({ read: keeper.reads() })),
        markRead({ place, read }) {
          const named = ownStateSchema.safeParse({ place, read });
          if (!named.success)
            return Promise.resolve(
              fail("bad-request", "A place is *, #channel or @name, and it is read up to a stamp."),
            );
          return Promise.resolve(ok({ changed: keeper.read(place, read) }));
        },
      },
      hooks: {
        // Nobody else has a say in it. [DEVICE-14]
        refuses: ({ kind, author }) => (kind === "self" && author !== me ? "another person's own state" : undefined),
        enduring: () => Object.values(store.state.ownState).flatMap((entry) => recordOf(entry) ?? []),
        readInChannel(channel, stamp) {
          if (!isElsewhere) keeper.read(`#${channel}`, stamp);
        },
        movedInChannel: (channel, isIn) => keeper.moved(channel, isIn),
        begin() {
          for (const { place } of Object.values(store.state.ownState))
            if (place.startsWith("#")) follow(place.slice(1)); // it may have died before it followed
        },
        kept({ event: { head, body }, record, isMine }) {
          const { channel } = head;
          if (channel !== undefined && compareStamps(record.stamp, saidAt.get(channel) ?? FIRST_STAMP) > 0)
            saidAt.set(channel, record.stamp);
          if (head.kind !== "self" || record.withheld !== undefined || !isUnderstood(head)) return;
          const { place, read } = readBody(ownStateSchema, body) ?? {};
          if (place?.startsWith("#") !== true) return;
          follow(place.slice(1)); // also by an own word: another device's may have been followed while that was on its way
          if (read !== undefined && !isMine) readElsewhere(place.slice(1), read);
        },
        joined() {
          // Of before, when nobody told it.
          for (const name of rounds.names()) keeper.moved(name, true);
          keeper.tell();
        },
        presence: () => keeper.tell(),
      },
    };
  },
});

/** The event that told it, as a line of the history. */
function recordOf({ event: signed, stamp }: OwnEntry): HistoryRecord | undefined {
  const head = signed === undefined ? undefined : readHead(signed.head);
  if (signed === undefined || head?.ok !== true) return undefined;
  return toRecord({ head: head.value, body: signed.body, signed }, stamp, 0, true);
}
