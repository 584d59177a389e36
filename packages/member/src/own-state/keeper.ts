// What a person keeps on all own devices: told to them alone, and only where there are several. [DEVICE-14] [DEVICE-15]
import {
  compareStamps,
  devicesOf,
  FIRST_STAMP,
  OWN_STATE,
  type OwnState,
  readHead,
  type SignedEvent,
} from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";
import type { Keys } from "../keys/keeper.ts";
import { behind, entryOf, type OwnEntry, type What } from "./fold.ts";

export interface OwnStates {
  /** The stamp up to which each place was read, on whichever device. */
  reads(): Readonly<Record<string, string>>;
  /** The person has read a place up to a stamp, here; whether that is further than before. */
  read(place: string, stamp: string): boolean;
  /** The person came to a channel, or left it, here. */
  moved(channel: string, isIn: boolean): void;
  /** Whether a word of this device on a channel is still on its way: it comes after all that is known. */
  waits(channel: string): boolean;
  /** Tells what was not told yet, if there is another device to tell it to. */
  tell(): void;
}

/** Reading goes on and on: of one place it is told so often at most, milliseconds. */
const READ_EVERY_MS = 10_000;

/** Creates the keeper. */
export function createOwnStates(kernel: Kernel, { ring }: Pick<Keys, "ring">): OwnStates {
  const { store, persons, me, myKey, clock, events, outbox } = kernel;
  const { ownState } = store.state;
  const toldAt = new Map<string, number>();
  const later = new Set<string>();

  const areSeveral = (): boolean => {
    const root = persons.root();
    if (root === undefined) return false;
    const isOther = (key: string): boolean => key !== myKey && kernel.hooks.kinship(me, key) === "current";
    return devicesOf(ring.claims(), root).length > 1 || (ring.names().get(me) ?? []).some(isOther);
  };
  /** The latest word on a place that is on its way. */
  const waiting = (what: What, place: string): string | undefined => {
    const begin = `${JSON.stringify({ place }).slice(0, -1)},"${what}":`;
    return Object.values(store.state.outbox).findLast(({ state, sealed }) => {
      if (state !== "queued" || sealed?.body.startsWith(begin) !== true) return false;
      const head = readHead(sealed.head);
      return head.ok && head.value.kind === "self";
    })?.sealed?.body;
  };
  const authors = new WeakMap<SignedEvent, string>();
  const authorOf = (event: SignedEvent): string => {
    const known = authors.get(event);
    if (known !== undefined) return known;
    const head = readHead(event.head);
    const key = head.ok ? head.value.key : "";
    authors.set(event, key);
    return key;
  };
  /** Whether a word was told, by a key that still counts: of a revoked device's a newcomer takes none. */
  const isTold = (event: SignedEvent | undefined): boolean => {
    const key = event === undefined ? undefined : authorOf(event);
    return key !== undefined && (key === myKey || kernel.hooks.kinship(me, key) === "current");
  };
  const post = (what: What, { place, value, event }: OwnEntry): void => {
    if (isTold(event) || kernel.grant() === "observer" || !areSeveral()) return;
    const body = JSON.stringify({ place, [what]: value } satisfies OwnState);
    if (waiting(what, place) === body) return;
    const to = [{ member: me, key: myKey }];
    const made = events.make({ role: "agent", kind: "self", must: true, to, body, media: OWN_STATE });
    void outbox.queue(made, [], "");
  };
  const postRead = (place: string): void => {
    const waits = (toldAt.get(place) ?? -Infinity) + READ_EVERY_MS - clock.steady();
    if (waits > 0) {
      if (!later.has(place)) clock.after(waits, () => (later.delete(place), postRead(place)));
      later.add(place);
      return;
    }
    const entry = entryOf(ownState, "read", place);
    if (entry === undefined || isTold(entry.event)) return;
    toldAt.set(place, clock.steady());
    post("read", entry);
  };
  const keep = (what: What, place: string, value: string | boolean): boolean => {
    // Of two words in a row the second one counts, though the room's time has not gone on.
    const known = entryOf(ownState, what, place)?.stamp ?? FIRST_STAMP;
    const latest = compareStamps(known, store.state.stamp) > 0 ? known : store.state.stamp;
    return store.in({ op: "own-state", what, place, value, stamp: behind(latest) }).ok;
  };

  return {
    reads: () =>
      Object.fromEntries(
        Object.entries(ownState).flatMap(([key, { place, value }]) =>
          key.startsWith("read ") ? [[place, String(value)] as const] : [],
        ),
      ),
    read(place, stamp) {
      const known = entryOf(ownState, "read", place);
      if (known !== undefined && compareStamps(stamp, String(known.value)) <= 0) return false;
      if (!keep("read", place, stamp)) return false;
      postRead(place);
      return true;
    },
    moved(channel, isIn) {
      const place = `#${channel}`;
      if (entryOf(ownState, "in", place)?.value === isIn || !keep("in", place, isIn)) return;
      post("in", entryOf(ownState, "in", place)!);
    },
    waits: (channel) => waiting("in", `#${channel}`) !== undefined,
    tell() {
      if (!areSeveral()) return; // asked at each word of presence
      for (const [key, entry] of Object.entries(ownState))
        if (key.startsWith("read ")) postRead(entry.place);
        else post("in", entry);
    },
  };
}
