// The channels this member is in: durable here, told to the relay in every join. Who may say or know what in them is asked
// here, by whoever takes events in, gives them on, or says them.
import type { ChannelState } from "@agora/ipc";
import type { Link } from "@agora/link";
import type { Clock, Log } from "@agora/ports";
import { compareStamps, type Head, MAX_CHANNELS, type OpenEvent, stampParts } from "@agora/protocol";
import { channelActOf, type HistoryRecord } from "../kernel/record.ts";
import type { Controls } from "../controls/keeper.ts";
import type { Members } from "../kernel/members.ts";
import type { Store } from "../kernel/store.ts";
import { type Membership, membershipOf } from "./memberships-fold.ts";
import {
  channelOwnerOf,
  decidingOf,
  type Observing,
  observersOf,
  type Removal,
  removalsOf,
  topicOf,
} from "./decided.ts";
import { type ActHeard, EVERYBODY } from "./acts.ts";
import { isSmall, recordOf, said, unfoldedActs, unsealed } from "./acts-in-history.ts";

export interface Channels {
  /** The channels this member is in: what the relay is told. [CHANNEL-2] */
  names(): readonly string[];
  isIn(channel: string): boolean;
  /** How often this member came to a channel in this life: its past is asked for at each coming. */
  comings(channel: string): number;
  /** By channel, since which stamp this member is in it. */
  since(): Readonly<Record<string, string>>;
  /** Whether a member says, by the relay, that it is in the channel now; oneself by one's own journal. */
  has(channel: string, name: string): boolean;
  /** Whether there is such a channel, as far as is known here. */
  isKnown(channel: string): boolean;
  removalOf(channel: string, key: string): Removal | undefined;
  /** Why somebody only reads in a channel; undefined: it may speak there. [RIGHT-5] */
  observingOf(channel: string, key: string): Observing | undefined;
  /** The events that show somebody that it was put out of a channel; undefined: it was not. [CHANNEL-8] */
  whyPutOut(channel: string, key: string): ReadonlySet<string> | undefined;
  /** Whether this member may set the topic and remove others: as owner or as operator. */
  mayDecide(channel: string): boolean;
  /** Why an event of a channel is not taken. [CHANNEL-4] [CHANNEL-8] */
  refusal(head: Head, stamp: string, by?: string): string | undefined;
  /** The member is in it from now on; `act` is the event that tells so. */
  enter(channel: string, act?: string): void;
  /** Back into a channel this member was put out of: true when those in it tell in time that it was admitted again. */
  enterAgain(channel: string): Promise<boolean>;
  leave(channel: string): void;
  /** A person has seen what was said there. */
  read(channel: string): void;
  /** A kept event: an act is folded, and obeyed if it removes this member. */
  kept(event: OpenEvent, stamp: string, position: number, byRelay: boolean): void;
  /**
   * Folds acts that are in the history and died with the daemon before they were folded, and takes from it the events that an
   * earlier version left there; call it at the start.
   */
  reconcile(): void;
  /** What a newcomer to these channels has to know of, whatever its age, whoever opened one first. [CHANNEL-5] */
  deciding(channels: Iterable<string>): readonly HistoryRecord[];
  list(): readonly ChannelState[];
  readonly isFull: boolean;
}

/** How long those in a channel have to tell somebody who was put out that it was admitted again, milliseconds. */
const ADMIT_MS = 6_000;

/** How long after coming to a channel a member may not have heard yet who opened it first, milliseconds. */
const SETTLED_MS = 60_000;

/** Creates the keeper of channels. */
export function createChannels(options: {
  readonly store: Store;
  readonly link: () => Link;
  readonly room: string;
  readonly me: string;
  readonly myKey: string;
  readonly members: () => Members;
  readonly controls: Pick<Controls, "entitles">;
  /** Whether a grant lets this member manage the channel. */
  readonly mayManage: (channel: string) => boolean;
  readonly log: Log;
  readonly clock: Clock;
  /** An operator or the owner put this member out: said to the person. */
  readonly putOut: (channel: string, by: string) => void;
  /** The person has read a channel up to a stamp. */
  readonly read: (channel: string, stamp: string) => void;
  /** This member came to a channel here, or left it. */
  readonly moved: (channel: string, isIn: boolean) => void;
  readonly changed: () => void;
}): Channels {
  const { store, me, myKey, room } = options;
  const { channels: memberships, channelActs: acts } = store.state;
  const isIn = (channel: string): boolean => membershipOf(memberships, channel)?.in === true;
  const names = (): readonly string[] => Object.keys(memberships).filter(isIn);
  const has = (channel: string, name: string): boolean =>
    name === me ? isIn(channel) : options.members().get(name)?.channels?.includes(channel) === true;
  const removalOf = (channel: string, key: string): Removal | undefined => removalsOf(acts, channel).get(key);
  const observingOf = (channel: string, key: string): Observing | undefined => {
    const observers = observersOf(acts, channel);
    return observers.get(EVERYBODY) ?? observers.get(key);
  };
  const mayDecide = (channel: string): boolean =>
    channelOwnerOf(acts, channel)?.key === myKey || options.mayManage(channel);
  const isSettled = (own: Membership | undefined): boolean =>
    own !== undefined && options.clock.now() - stampParts(own.since)[0] > SETTLED_MS;
  /** Channels this member was put out of and asks to come back to. */
  const trying = new Map<string, () => void>();
  const comings = new Map<string, number>();
  const comes = (channel: string): void => void comings.set(channel, (comings.get(channel) ?? 0) + 1);
  const tell = (): void => {
    // What a crash would lose of this the seats' counting could not do without.
    store.checkpoint();
    options.link().send({ type: "channels", room, channels: [...names()] });
    options.changed();
  };
  const leave = (channel: string): void => {
    if (!isIn(channel)) return;
    store.in({ op: "channel-out", channel });
    tell();
    options.moved(channel, false);
  };
  /** Whoever opens a channel again once we are in it is not who opened it: that we may not have been told yet. */
  const isCertain = (channel: string, removal: Removal): boolean => {
    const own = membershipOf(memberships, channel);
    const opened = channelOwnerOf(acts, channel)?.stamp ?? "0-0";
    return removal.operator === true || isSettled(own) || compareStamps(opened, own?.since ?? "0-0") <= 0;
  };
  const uncertain = new Set<string>();
  /** Leaves a channel that this member is removed from. [CHANNEL-8] */
  const obey = (channel: string): void => {
    const removal = removalOf(channel, myKey);
    if (removal === undefined || !isIn(channel) || trying.has(channel)) return;
    if (!isCertain(channel, removal)) {
      if (!uncertain.has(channel))
        options.clock.after(SETTLED_MS, () => {
          uncertain.delete(channel);
          obey(channel);
        });
      uncertain.add(channel);
      return;
    }
    options.log.info("channel-removed", { channel, by: removal.by });
    leave(channel);
    options.putOut(channel, removal.by);
  };
  // A daemon that died before it obeyed, or while it asked to come back, is not to stay for ever.
  for (const channel of names())
    if (removalOf(channel, myKey) !== undefined) options.clock.after(SETTLED_MS, () => obey(channel));
  const membersOf = (channel: string): readonly string[] =>
    [...new Set([...(isIn(channel) ? [me] : []), ...options.members().online()])].filter((name) => has(channel, name));
  const now = (name: string): ChannelState => {
    const own = membershipOf(memberships, name);
    const joined = own?.in === true;
    const here = membersOf(name);
    // What was decided is known to those who are in it alone.
    const topic = joined ? topicOf(acts, name) : undefined;
    const owner = joined ? channelOwnerOf(acts, name)?.name : undefined;
    const out = removalsOf(acts, name);
    const keyOf = (one: string): string => (one === me ? myKey : (options.members().get(one)?.key ?? ""));
    const removed = here.filter((one) => out.has(keyOf(one)));
    const observing = joined ? observersOf(acts, name) : new Map<string, Observing>();
    const observers = here.filter((one) => observing.has(keyOf(one)));
    return {
      name,
      joined,
      unread: joined ? own.said - own.read : 0,
      members: [...here].sort(),
      ...(topic === undefined ? {} : { topic }),
      ...(owner === undefined ? {} : { owner }),
      ...(joined && mayDecide(name) ? { mine: true as const } : {}),
      ...(removed.length === 0 ? {} : { removed }),
      ...(observers.length === 0 ? {} : { observers }),
      ...(observing.has(EVERYBODY) ? { archived: true as const } : {}),
    };
  };
  const shown = (): ReadonlySet<string> => {
    const others = options
      .members()
      .online()
      .flatMap((name) => options.members().get(name)?.channels ?? []);
    return new Set([...names(), ...others]);
  };

  const kept: Channels["kept"] = (event, stamp, position, byRelay) => {
    const { channel, id, seq, author, key } = event.head;
    const act = channelActOf(event);
    if (channel === undefined || act === undefined) return;
    const own = membershipOf(memberships, channel);
    if (own?.act === id && own.since !== stamp) {
      store.in({ op: "channel-in", channel, since: stamp, act: id });
      store.checkpoint();
    }
    if (act.act === "join" || act.act === "leave") return;
    const operator = options.controls.entitles(event.head, act.grant, "channel");
    // A member's word is of the past: a decision that says it is of tomorrow could not be taken back until then.
    const isAhead = !byRelay && compareStamps(stamp, store.state.stamp) > 0;
    const heard: ActHeard = {
      ...{ channel, id, seq, author, key, position, stamp: isAhead ? store.state.stamp : stamp, ...said(act) },
      ...(isAhead ? { told: stamp } : {}),
      ...(operator ? { operator } : {}),
      ...(byRelay || !isSettled(own) ? {} : { late: true as const }),
      ...(isSmall(event.signed) ? { sealed: event.signed } : {}),
    };
    store.in({ op: "channel-act", heard });
    if (removalOf(channel, myKey) === undefined) trying.get(channel)?.();
    obey(channel);
    options.changed();
  };

  return {
    names,
    isIn,
    comings: (channel) => comings.get(channel) ?? 0,
    has,
    removalOf,
    observingOf,
    leave,
    since: () => Object.fromEntries(names().map((name) => [name, memberships[name]!.since])),
    isKnown: (channel) => shown().has(channel),
    mayDecide,
    whyPutOut(channel, key) {
      const removal = removalOf(channel, key);
      // The removal counts by the word of whoever opened the channel: that has to be known as well.
      return removal === undefined
        ? undefined
        : new Set([removal.id, channelOwnerOf(acts, channel)?.open ?? removal.id]);
    },
    refusal({ channel, author, key, kind }, stamp, by) {
      if (channel === undefined) return undefined;
      if (!isIn(channel)) return "of a channel we are not in";
      if (trying.has(channel) && kind !== "channel") return "of a channel we were put out of";
      const removal = author === me ? undefined : removalOf(channel, key);
      // Who was removed and hands on its own words could say that they were before it.
      const isAfter = removal !== undefined && (by === author || compareStamps(stamp, removal.stamp) > 0);
      if (isAfter) return "of a member that was removed from the channel";
      if (author === me || kind === "channel" || kind === "void") return undefined;
      const observing = observingOf(channel, key); // [RIGHT-5]
      const isBarred = observing !== undefined && (by === author || compareStamps(stamp, observing.stamp) > 0);
      if (!isBarred) return undefined;
      return observing.archived === true ? "said in an archived channel" : "of an observer of the channel";
    },
    enter(channel, act) {
      comes(channel);
      store.in({ op: "channel-in", channel, since: store.state.stamp, ...(act === undefined ? {} : { act }) });
      tell();
      options.moved(channel, true);
    },
    async enterAgain(channel) {
      comes(channel);
      store.in({ op: "channel-in", channel, since: store.state.stamp });
      const admitted = new Promise<boolean>((resolve) => {
        const cancel = options.clock.after(ADMIT_MS, () => resolve(false));
        trying.set(channel, () => (cancel(), resolve(true)));
      });
      tell();
      const isAdmitted = await admitted;
      trying.delete(channel);
      if (isAdmitted) options.moved(channel, true);
      else leave(channel);
      return isAdmitted;
    },
    read(channel) {
      const own = membershipOf(memberships, channel);
      if (own === undefined || own.said === own.read) return;
      store.in({ op: "channel-read", channel, read: own.said });
      options.read(channel, store.state.stamp);
      options.changed();
    },
    kept,
    reconcile() {
      const unfolded = unfoldedActs(store).map(
        ({ event, stamp, position, byRelay }) =>
          () =>
            kept(event, stamp, position, byRelay),
      );
      const bare = unsealed(store).map((heard) => () => store.in({ op: "channel-act", heard }));
      for (const fold of [...unfolded, ...bare].reverse()) fold();
    },
    deciding: (channels) =>
      [...channels].flatMap((name) => decidingOf(acts, name)).flatMap((placed) => recordOf(placed, store) ?? []),
    list: () => [...shown()].sort().map(now),
    get isFull() {
      return names().length >= MAX_CHANNELS;
    },
  };
}
