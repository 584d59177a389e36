// Channels: what their members decided in them, and which ones this member is in. Folds over acts in any order of arrival:
// what an act is worth (its author may turn out to be the convener later) is asked of the state, not settled on the way in.
import { type ChannelAct, compareStamps, FIRST_STAMP, readHead, type SignedEvent } from "@agora/protocol";

/** An act that decides something in a channel; its signature was checked. */
export interface ActHeard {
  readonly channel: string;
  readonly id: string;
  readonly stamp: string;
  /** Its author's number for it: which of one author's acts came later. */
  readonly seq?: number;
  readonly author: string;
  readonly key: string;
  readonly act: ChannelAct["act"];
  /** The topic. */
  readonly text?: string;
  /** Whom it removes or admits again: the name it had then, and the key that counts. */
  readonly member?: string;
  readonly target?: string;
  /** Its author was entitled as an operator. */
  readonly operator?: true;
  /** Its stamp is a member's word, and came when what had decided the channel was known for some time. */
  readonly late?: true;
  /** The stamp it came with, where that was above the room's latest one. */
  readonly told?: string;
  /** Where the event stands in the history. */
  readonly position?: number;
  /** The event, which outlives the history here. */
  readonly sealed?: SignedEvent;
}

/** The place of a decision in the room's order; and the event, as the history may be dropped. */
export interface Placed {
  readonly stamp: string;
  readonly id: string;
  readonly seq?: number;
  readonly told?: string;
  readonly position?: number;
  readonly sealed?: SignedEvent;
}

/** `overtaken`: it came late when another's was known. */
interface Opening extends Placed {
  readonly overtaken?: true;
}

interface Topic extends Placed {
  readonly text: string;
}

interface Move extends Placed {
  readonly act: "remove" | "admit";
  readonly member: string;
}

/** What one author decided in a channel, as an operator or not. */
interface Voice {
  readonly author: string;
  readonly key: string;
  readonly operator?: true;
  readonly open?: Opening;
  readonly topic?: Topic;
  /** By the key of whom it is about. */
  readonly moves: Record<string, Move>;
}

/** By channel, then by author; plain JSON. */
export type ChannelActs = Record<string, Record<string, Voice>>;

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

/** Channels remembered, authors in each, and whom each of them moved. */
const MAX_KNOWN = 200;
const MAX_VOICES = 16;
const MAX_MOVES = 32;
/** Events kept for one channel, characters; so MAX_KNOWN times as much in all, whoever speaks. */
const MAX_SEALED_CHARS = 32 * 1024;

/** A channel may be called "constructor", which every object has without having been given it. */
function own<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/**
 * The order between authors. A word that was cut to the room's latest stamp is later than what has that stamp by right: else
 * an id would decide between a removal and the admission after it.
 */
function isBefore(a: Placed, b: Placed): boolean {
  const order = compareStamps(a.stamp, b.stamp) || compareStamps(a.told ?? FIRST_STAMP, b.told ?? FIRST_STAMP);
  return order === 0 ? a.id < b.id : order < 0;
}

/** The number its author gave it; undefined for what an earlier version kept without its event. */
function seqOf({ seq, sealed }: Placed): number | undefined {
  if (seq !== undefined || sealed === undefined) return seq;
  const head = readHead(sealed.head);
  return head.ok ? head.value.seq : undefined;
}

/** The order of one author's acts is its own, wherever a relay, or a member's word, places them. [CHANNEL-7] */
function isBeforeOwn(a: Placed, b: Placed): boolean {
  const [first, second] = [seqOf(a), seqOf(b)];
  return first === undefined || second === undefined || first === second ? isBefore(a, b) : first < second;
}

/** Nobody takes a channel over in the eyes of those who are in it by saying that they had opened it before. [CHANNEL-7] */
function isOpenedBefore(a: Opening, b: Opening): boolean {
  return a.overtaken === b.overtaken ? isBefore(a, b) : b.overtaken === true;
}

/** The same of two openings of one author. */
function isOpenedBeforeOwn(a: Opening, b: Opening): boolean {
  return a.overtaken === b.overtaken ? isBeforeOwn(a, b) : b.overtaken === true;
}

/** What is heard again counts as it did; its event is taken where an earlier version kept its position alone. */
function again<T extends Placed>(known: T | undefined, next: T): T | undefined {
  if (known?.id !== next.id || known.stamp !== next.stamp) return undefined;
  return known.sealed === undefined && next.sealed !== undefined ? { ...known, sealed: next.sealed } : known;
}

/** The later of two decisions of one author. */
function later<T extends Placed>(known: T | undefined, next: T): T {
  return again(known, next) ?? (known === undefined || isBeforeOwn(known, next) ? next : known);
}

/** The one of an author's two openings that counts. */
function earlier(known: Opening | undefined, next: Opening): Opening {
  return again(known, next) ?? (known === undefined || isOpenedBeforeOwn(next, known) ? next : known);
}

/** All that a voice decided. */
function placedOf({ open, topic, moves }: Voice): readonly Placed[] {
  return [open, topic, ...Object.values(moves)].filter((placed) => placed !== undefined);
}

/** A voice with each of its decisions changed. */
function changed(voice: Voice, change: <T extends Placed>(placed: T) => T): Voice {
  const { open, topic, moves } = voice;
  return {
    ...voice,
    ...(open === undefined ? {} : { open: change(open) }),
    ...(topic === undefined ? {} : { topic: change(topic) }),
    moves: Object.fromEntries(Object.entries(moves).map(([target, move]) => [target, change(move)])),
  };
}

/**
 * Folds an act, in place. The same state for any order of arrival, as long as no bound is met; of too many channels one that
 * this member is not in (`isIn`) is forgotten first.
 */
export function foldAct(
  acts: ChannelActs,
  heard: ActHeard,
  isIn: (channel: string) => boolean = () => false,
): ChannelActs {
  const { channel, author, key, act, text, operator } = heard;
  if (act === "join" || act === "leave") return acts;
  const voices = own(acts, channel) ?? {};
  const place = operator === true ? `${key}!` : key;
  const known: Voice = voices[place] ?? { author, key, ...(operator === true ? { operator } : {}), moves: {} };
  const { stamp, id, seq, position, told, sealed } = heard;
  const at: Placed = {
    ...{ stamp, id },
    ...(seq === undefined ? {} : { seq }),
    ...(told === undefined ? {} : { told }),
    ...(position === undefined ? {} : { position }),
    ...(sealed === undefined ? {} : { sealed }),
  };
  const isKnown = Object.values(voices).some((one) => one.key !== key && one.open !== undefined);
  const opening: Opening = heard.late === true && isKnown ? { ...at, overtaken: true } : at;
  const open = act === "open" ? earlier(known.open, opening) : known.open;
  const hasTopic = text !== undefined && (act === "open" || act === "topic");
  const topic = hasTopic ? later(known.topic, { ...at, text }) : known.topic;
  voices[place] = {
    ...known,
    ...(open === undefined ? {} : { open }),
    ...(topic === undefined ? {} : { topic }),
    moves: movesWith(known.moves, heard, at),
  };
  if (Object.keys(voices).length > MAX_VOICES) delete voices[leastOf(voices)];
  acts[channel] = voices;
  bound(acts, channel);
  const others = Object.keys(acts).filter((name) => name !== channel);
  if (others.length >= MAX_KNOWN) delete acts[others.find((name) => !isIn(name)) ?? others[0]!];
  return acts;
}

/** Lets go of the events that are too many for a channel, of what is needed least first; their positions stay. */
function bound(acts: ChannelActs, channel: string): void {
  const voices = acts[channel]!;
  const charsOf = ({ sealed }: Placed): number =>
    sealed === undefined ? 0 : sealed.head.length + sealed.sig.length + sealed.body.length;
  const all = Object.values(voices).flatMap(placedOf);
  if (all.reduce((sum, placed) => sum + charsOf(placed), 0) <= MAX_SEALED_CHARS) return;
  const counting = new Set(entitled(acts, channel));
  // Nobody's many acts push out what counts, nor a convener's an operator's; of one kind the newest stay.
  const rankOf = (voice: Voice, placed: Placed): number => {
    const kind = placed === voice.open ? 0 : placed === voice.topic ? 1 : 2;
    if (!counting.has(voice)) return 20 + kind;
    return kind === 0 ? kind : (voice.operator === true ? 0 : 10) + kind;
  };
  const ranked = Object.values(voices)
    .flatMap((voice) => placedOf(voice).map((placed) => ({ placed, rank: rankOf(voice, placed) })))
    .sort((a, b) => a.rank - b.rank || (isBefore(a.placed, b.placed) ? 1 : -1));
  const over = new Set<Placed>();
  let left = MAX_SEALED_CHARS;
  for (const { placed } of ranked) {
    const chars = charsOf(placed);
    if (chars > left) over.add(placed);
    else left -= chars;
  }
  const lighter = <T extends Placed>(placed: T): T => {
    const { sealed: _, ...rest } = placed;
    return over.has(placed) ? (rest as T) : placed;
  };
  for (const [place, voice] of Object.entries(voices)) voices[place] = changed(voice, lighter);
}

/** An event that decided something got another place from a relay, in place. [STAMP-4] */
export function foldActStamp(acts: ChannelActs, id: string, stamp: string, key?: string): void {
  const moved = <T extends Placed>(placed: T): T => {
    const { overtaken: _, told: __, ...rest }: Opening = placed;
    return placed.id === id ? ({ ...rest, stamp } as T) : placed;
  };
  for (const voices of Object.values(acts))
    for (const [place, voice] of Object.entries(voices))
      if ((key === undefined || key === voice.key) && placedOf(voice).some((placed) => placed.id === id))
        voices[place] = changed(voice, moved);
}

function movesWith(moves: Voice["moves"], { act, target, member = "" }: ActHeard, at: Placed): Voice["moves"] {
  if (target === undefined || (act !== "remove" && act !== "admit")) return moves;
  const all = { ...moves, [target]: later(moves[target], { ...at, act, member }) };
  const keys = Object.keys(all);
  if (keys.length > MAX_MOVES) delete all[keys.reduce((a, b) => (isBefore(all[a]!, all[b]!) ? a : b))];
  return all;
}

/** Operators and whoever opened it first are the last to be forgotten: nobody's many words push out theirs. */
function leastOf(voices: Record<string, Voice>): string {
  const isMore = (a: Voice, b: Voice): boolean => {
    if (a.operator !== b.operator) return a.operator === true;
    if (a.open === undefined || b.open === undefined)
      return a.open !== undefined || (b.open === undefined && a.key < b.key);
    return isOpenedBefore(a.open, b.open);
  };
  return Object.keys(voices).reduce((a, b) => (isMore(voices[a]!, voices[b]!) ? b : a));
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

/** The voices that count: the convener's and the operators'. [CHANNEL-7] */
function entitled(acts: ChannelActs, channel: string): readonly Voice[] {
  const convener = channelOwnerOf(acts, channel);
  return Object.values(own(acts, channel) ?? {}).filter((v) => v.operator === true || v.key === convener?.key);
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

/** Who was removed from a channel and not admitted again, by key. [CHANNEL-8] */
export function removalsOf(acts: ChannelActs, channel: string): ReadonlyMap<string, Removal> {
  type Said = Move & Pick<Removal, "by" | "operator"> & { readonly key: string };
  const byTarget = new Map<string, Said[]>();
  for (const { author, key, moves, operator } of entitled(acts, channel))
    for (const [target, move] of Object.entries(moves)) {
      const said = { ...move, key, by: author, ...(operator === true ? { operator } : {}) };
      byTarget.set(target, [...(byTarget.get(target) ?? []), said]);
    }
  const removals = new Map<string, Removal>();
  for (const [target, moves] of byTarget) {
    const last = lastOf(moves);
    if (last?.act !== "remove") continue;
    const { member, by, stamp, id, operator } = last;
    removals.set(target, { key: target, member, by, stamp, id, ...(operator === true ? { operator } : {}) });
  }
  return removals;
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

/** A channel this member is or was in. */
export interface Membership {
  readonly in: boolean;
  /** The room's stamp when it joined: what is older is the channel's past, not talk. */
  readonly since: string;
  /** The event by which it joined: its stamp becomes `since`. */
  readonly act?: string;
  /** What others said there since, and how much of that a person has seen. */
  readonly said: number;
  readonly read: number;
}

/** Memberships by channel; plain JSON. */
export type Memberships = Record<string, Membership>;

/** One's own membership of a channel, past or present. */
export function membershipOf(memberships: Memberships, channel: string): Membership | undefined {
  return own(memberships, channel);
}

/** What changes one's own memberships. */
export type MembershipRecord =
  | { readonly op: "channel-in"; readonly channel: string; readonly since: string; readonly act?: string }
  | { readonly op: "channel-out"; readonly channel: string }
  | { readonly op: "channel-read"; readonly channel: string; readonly read: number };

/** Folds a change of one's own memberships, in place. */
export function foldMembership(memberships: Memberships, record: MembershipRecord): Memberships {
  const known = own(memberships, record.channel);
  switch (record.op) {
    case "channel-in": {
      const { channel, since, act } = record;
      const said = known?.said ?? 0;
      const read = known?.in === true ? known.read : said;
      memberships[channel] = { in: true, since, ...(act === undefined ? {} : { act }), said, read };
      break;
    }
    case "channel-out":
      if (known !== undefined) memberships[record.channel] = { ...known, in: false };
      break;
    case "channel-read":
      if (known !== undefined) memberships[record.channel] = { ...known, read: Math.max(known.read, record.read) };
  }
  const names = Object.keys(memberships);
  const old = names.length > MAX_KNOWN ? names.find((name) => memberships[name]?.in === false) : undefined;
  if (old !== undefined) delete memberships[old];
  return memberships;
}

/** Counts something that others said in a channel, in place. */
export function foldSaid(memberships: Memberships, channel: string): void {
  const known = own(memberships, channel);
  if (known !== undefined) memberships[channel] = { ...known, said: known.said + 1 };
}
