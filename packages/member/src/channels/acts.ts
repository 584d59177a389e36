// What was decided in channels, as it is remembered: by channel, a voice for each author. And the two orders that count:
// between authors the room's, within one author's words its own.
import {
  type ChannelAct,
  type ChannelRole,
  compareStamps,
  FIRST_STAMP,
  readHead,
  type SignedEvent,
} from "@agora/protocol";

/** Channels that are remembered; beyond it the first ones are forgotten. */
export const MAX_CHANNELS_KNOWN = 200;

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
  /** What it makes the target. */
  readonly role?: ChannelRole;
  /** Its author was entitled by a grant, as an operator or as a lead. */
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
export interface Opening extends Placed {
  readonly overtaken?: true;
}

interface Topic extends Placed {
  readonly text: string;
}

export interface Move extends Placed {
  readonly act: "remove" | "admit";
  readonly member: string;
}

/** What somebody is made in a channel, or everybody. */
export interface RoleGiven extends Placed {
  readonly role: ChannelRole;
  readonly member: string;
}

/** Everybody in a channel, whom its archive makes observers; no key is written so. [RIGHT-4] */
export const EVERYBODY = "*";

/** What one author decided in a channel, by a grant or not. */
export interface Voice {
  readonly author: string;
  readonly key: string;
  readonly operator?: true;
  readonly open?: Opening;
  readonly topic?: Topic;
  /** By the key of whom it is about. */
  readonly moves: Record<string, Move>;
  /** By the key of whom it is about, or for everybody; earlier versions kept none. */
  readonly roles?: Record<string, RoleGiven>;
}

/** By channel, then by author; plain JSON. */
export type ChannelActs = Record<string, Record<string, Voice>>;

/** A channel may be called "constructor", which every object has without having been given it. */
export function own<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/**
 * The order between authors. A word that was cut to the room's latest stamp is later than what has that stamp by right: else
 * an id would decide between a removal and the admission after it.
 */
export function isBefore(a: Placed, b: Placed): boolean {
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
export function isOpenedBefore(a: Opening, b: Opening): boolean {
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
export function later<T extends Placed>(known: T | undefined, next: T): T {
  return again(known, next) ?? (known === undefined || isBeforeOwn(known, next) ? next : known);
}

/** The one of an author's two openings that counts. */
export function earlier(known: Opening | undefined, next: Opening): Opening {
  return again(known, next) ?? (known === undefined || isOpenedBeforeOwn(next, known) ? next : known);
}

/** All that a voice decided. */
export function placedOf({ open, topic, moves, roles = {} }: Voice): readonly Placed[] {
  return [open, topic, ...Object.values(moves), ...Object.values(roles)].filter((placed) => placed !== undefined);
}

/** A voice with each of its decisions changed. */
export function changed(voice: Voice, change: <T extends Placed>(placed: T) => T): Voice {
  const { open, topic, moves, roles } = voice;
  const each = <T extends Placed>(all: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(all).map(([target, placed]) => [target, change(placed)]));
  return {
    ...voice,
    ...(open === undefined ? {} : { open: change(open) }),
    ...(topic === undefined ? {} : { topic: change(topic) }),
    moves: each(moves),
    ...(roles === undefined ? {} : { roles: each(roles) }),
  };
}
