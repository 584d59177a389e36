// What counts of what was decided in a channel: who opened it, its topic, who was removed. Asked of the acts each time, since
// the author of one may turn out later to have opened the channel.
import {
  type ActHeard,
  type ChannelActs,
  EVERYBODY,
  isBefore,
  isOpenedBefore,
  later,
  type Opening,
  own,
  type Placed,
  placedOf,
  type Voice,
} from "./acts.ts";

/** Somebody who is not to be in a channel any more. */
export interface Removal {
  readonly key: string;
  readonly member: string;
  /** Whose word it was. */
  readonly by: string;
  /** As an operator, who need not have opened it. */
  readonly operator?: true;
  readonly stamp: string;
  readonly id: string;
}

/** Whoever opened a channel first. */
export interface ChannelOwner {
  readonly name: string;
  readonly key: string;
  /** The event that opened it, and its place. */
  readonly open: string;
  readonly stamp: string;
}

/** Who opened the channel first and so may set its topic and remove from it. [CHANNEL-7] */
export function channelOwnerOf(acts: ChannelActs, channel: string): ChannelOwner | undefined {
  let first: (Voice & { readonly open: Opening }) | undefined;
  for (const voice of Object.values(own(acts, channel) ?? {})) {
    const { open } = voice;
    if (open !== undefined && (first === undefined || isOpenedBefore(open, first.open))) first = { ...voice, open };
  }
  return first === undefined
    ? undefined
    : { name: first.author, key: first.key, open: first.open.id, stamp: first.open.stamp };
}

/** The voices that count: the owner's, and those with a grant. [CHANNEL-7] */
export function entitled(acts: ChannelActs, channel: string): readonly Voice[] {
  const owner = channelOwnerOf(acts, channel);
  return Object.values(own(acts, channel) ?? {}).filter((v) => v.operator === true || v.key === owner?.key);
}

/** The last decision of all: of each author its own last one, and of those the last in the room's order. [CHANNEL-7] */
function lastOf<T extends Placed & { readonly key: string }>(decisions: readonly T[]): T | undefined {
  const byAuthor = new Map<string, T>();
  for (const one of decisions) byAuthor.set(one.key, later(byAuthor.get(one.key), one));
  return [...byAuthor.values()].reduce<T | undefined>(
    (last, one) => (last === undefined || isBefore(last, one) ? one : last),
    undefined,
  );
}

/** The topic of a channel; undefined: none was set, or the last one was taken away. */
export function topicOf(acts: ChannelActs, channel: string): string | undefined {
  const topics = entitled(acts, channel).flatMap(({ key, topic }) => (topic === undefined ? [] : [{ ...topic, key }]));
  const last = lastOf(topics);
  return last === undefined || last.text === "" ? undefined : last.text;
}

/** A decision about somebody, and whose it was. */
type Said<T extends Placed> = T & Pick<Removal, "by" | "operator"> & { readonly key: string };

/** The last decision about each target, of those that `pick` takes from the voices that count. */
function lastAbout<T extends Placed>(
  acts: ChannelActs,
  channel: string,
  pick: (voice: Voice) => Readonly<Record<string, T>>,
): ReadonlyMap<string, Said<T>> {
  const byTarget = new Map<string, Said<T>[]>();
  for (const voice of entitled(acts, channel))
    for (const [target, decision] of Object.entries(pick(voice))) {
      const { author, key, operator } = voice;
      const said = { ...decision, key, by: author, ...(operator === true ? { operator } : {}) };
      byTarget.set(target, [...(byTarget.get(target) ?? []), said]);
    }
  const last = new Map<string, Said<T>>();
  for (const [target, decisions] of byTarget) {
    const one = lastOf(decisions);
    if (one !== undefined) last.set(target, one);
  }
  return last;
}

/** Who was removed from a channel and not admitted again, by key. [CHANNEL-8] */
export function removalsOf(acts: ChannelActs, channel: string): ReadonlyMap<string, Removal> {
  const removals = new Map<string, Removal>();
  for (const [target, last] of lastAbout(acts, channel, ({ moves }) => moves)) {
    if (last.act !== "remove") continue;
    const { member, by, stamp, id, operator } = last;
    removals.set(target, { key: target, member, by, stamp, id, ...(operator === true ? { operator } : {}) });
  }
  return removals;
}

/** Why somebody only reads in a channel, and since when. */
export interface Observing {
  readonly by: string;
  readonly stamp: string;
  /** The channel is archived: everybody only reads. */
  readonly archived?: true;
}

/** Who only reads in a channel, by key; under EVERYBODY that it is archived. [RIGHT-4] */
export function observersOf(acts: ChannelActs, channel: string): ReadonlyMap<string, Observing> {
  const observers = new Map<string, Observing>();
  for (const [target, { role, by, stamp }] of lastAbout(acts, channel, ({ roles = {} }) => roles))
    if (role === "observer")
      observers.set(target, { by, stamp, ...(target === EVERYBODY ? { archived: true as const } : {}) });
  return observers;
}

/** A decision that counts, and as whose. */
export interface Deciding extends Placed {
  readonly operator?: true;
}

/** The decisions that a newcomer has to know of, whatever their age; who opened it comes first. [CHANNEL-5] */
export function decidingOf(acts: ChannelActs, channel: string): readonly Deciding[] {
  const all = entitled(acts, channel).flatMap((voice) => placedOf(voice).map((placed) => ({ voice, placed })));
  const isOpen = ({ voice, placed }: (typeof all)[number]): boolean => placed === voice.open;
  // An opening and its topic are one event.
  const byEvent = new Map<string, Deciding>();
  for (const { voice, placed } of [...all.filter(isOpen), ...all.filter((one) => !isOpen(one))]) {
    const event = `${placed.id} ${voice.key}`;
    if (byEvent.get(event)?.sealed !== undefined) continue;
    byEvent.set(event, { ...placed, ...(voice.operator === true ? { operator: true as const } : {}) });
  }
  return [...byEvent.values()];
}

/** Whether an act of this author is among what is known of a channel. */
export function isActKnown(acts: ChannelActs, { channel, key, id }: Pick<ActHeard, "channel" | "key" | "id">): boolean {
  const voices = Object.values(own(acts, channel) ?? {});
  return voices.some((voice) => voice.key === key && placedOf(voice).some((placed) => placed.id === id));
}
