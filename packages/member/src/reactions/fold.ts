// Reactions: what people and agents think of an event, in one word each. A fold over events in any order.
import { harmless, type Head, isUnderstood, type Role } from "@agora/protocol";
import type { Author } from "../kernel/authors.ts";
import { type Bounds, putBounded } from "../kernel/bounded.ts";

/** One author's newest reaction to one event; plain JSON. */
export interface Reaction {
  readonly from: string;
  readonly role: Role;
  /** Empty: it was taken back. Kept all the same, as an older one may still come. */
  readonly text: string;
  /** The channel it was said in. */
  readonly channel?: string;
  readonly seq: number;
  readonly id: string;
  /** Whoever pays for it, of a stranger's: the author's key, or the name of the member who handed it on. */
  readonly stranger?: string;
}

/** Reactions by `<event> <role> <author's key>`, the latest to come standing last. */
export type Reactions = Record<string, Reaction>;

/** What is shown of the reactions to one event: a text, and everybody who reacted with it. */
export interface Counted {
  readonly text: string;
  readonly by: readonly { readonly member: string; readonly role: Role }[];
}

/** Characters (code points) of a reaction; the longest emoji of a family has 11. */
export const MAX_REACTION_CHARS = 16;
const ONE_WORD = new RegExp(`^\\S{0,${MAX_REACTION_CHARS}}$`, "u");
/** What is longer is not even normalised, UTF-16 units. */
const MAX_BODY_CHARS = 256;
/** Reactions to one event, of strangers and of others. */
export const MAX_PER_EVENT = 100;
/** Those of this member, and of whom it addressed, are not forgotten for strangers' sake, nor one author's for another's. */
const BOUNDS: Bounds<Reaction, "known" | "strangers"> = {
  pools: { known: { most: 4_000, each: 1_000 }, strangers: { most: 2_000, each: 200 } },
  placeOf: ({ stranger }, key) =>
    stranger === undefined
      ? { pool: "known", filler: key.slice(key.lastIndexOf(" ") + 1) }
      : { pool: "strangers", filler: stranger },
};
export const MAX_PER_STRANGER = BOUNDS.pools.strangers.each;

/** The keys of the reactions to each event. */
const byEvent = new WeakMap<Reactions, Map<string, Set<string>>>();

/**
 * The text of a reaction, normalised (NFC): an emoji or a word of at most 16 characters, "" when it is taken back. Undefined
 * when it has blanks, or anything that acts or hides. [REACTION-2]
 */
export function readReaction(body: string): string | undefined {
  if (body.length > MAX_BODY_CHARS) return undefined;
  const text = body.normalize("NFC");
  return ONE_WORD.test(text) && harmless(text) === text ? text : undefined;
}

/**
 * Folds a reaction, in place; any other event changes nothing. Within the bounds the result is the same in whatever order
 * reactions come. [REACTION-3] [REACTION-4]
 *
 * @param who what is known of an author, by key
 */
export function foldReaction(
  reactions: Reactions,
  { head, body, by }: { readonly head: Head; readonly body: string; readonly by?: string | undefined },
  who: (key: string) => Pick<Author, "standing"> | undefined,
): void {
  const about = reactedTo(head);
  const text = about === undefined ? undefined : readReaction(body);
  if (about === undefined || text === undefined) return;
  const key = `${about} ${head.role} ${head.key}`;
  const known = Object.hasOwn(reactions, key) ? reactions[key] : undefined;
  if (known !== undefined && !isLater(head, known)) return;
  const standing = who(head.key)?.standing;
  const isStranger = standing !== "own" && standing !== "met";
  if (known === undefined && others(reactions, about, isStranger) >= MAX_PER_EVENT) return;
  const reaction: Reaction = {
    from: head.author,
    role: head.role,
    text,
    ...(head.channel === undefined ? {} : { channel: head.channel }),
    seq: head.seq,
    id: head.id,
    ...(isStranger ? { stranger: by === undefined || by === head.author ? head.key : by } : {}),
  };
  const index = indexOf(reactions);
  for (const [gone] of putBounded(reactions, key, reaction, BOUNDS)) take(index, gone);
  add(index, key);
}

/** The event that a reaction is about; undefined for any other event, and for a form that this version doesn't know. */
export function reactedTo(head: Head): string | undefined {
  return head.kind === "reaction" && isUnderstood(head) && head.about?.how === "answers" ? head.about.id : undefined;
}

/**
 * The reactions to an event, the most frequent first. Those of members who were not told of it don't count. [REACTION-5]
 *
 * @param event its id, who said it, to whom and in which channel; without `to` the whole room or channel reads it
 */
export function reactionsTo(
  reactions: Reactions,
  event: {
    readonly id: string;
    readonly author: string;
    readonly to: readonly { readonly member: string }[];
    readonly channel?: string;
  },
): readonly Counted[] {
  const counted = new Map<string, { member: string; role: Role }[]>();
  const wasTold = (name: string): boolean =>
    event.channel !== undefined ||
    event.to.length === 0 ||
    name === event.author ||
    event.to.some(({ member }) => member === name);
  for (const key of indexOf(reactions).get(event.id) ?? []) {
    const { text, from: member, role, channel } = reactions[key]!;
    if (text === "" || channel !== event.channel || !wasTold(member)) continue;
    counted.set(text, [...(counted.get(text) ?? []), { member, role }]);
  }
  return [...counted]
    .map(([text, by]) => ({ text, by: by.sort((a, b) => order(a.member, b.member) || order(a.role, b.role)) }))
    .sort((a, b) => b.by.length - a.by.length || order(a.text, b.text));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of one author the higher number is the later; numbers of two audiences may be the same. */
function isLater({ seq, id }: Pick<Head, "seq" | "id">, known: Reaction): boolean {
  return seq > known.seq || (seq === known.seq && id > known.id);
}

function others(reactions: Reactions, event: string, strangers: boolean): number {
  let count = 0;
  for (const key of indexOf(reactions).get(event) ?? [])
    if ((reactions[key]!.stranger !== undefined) === strangers) count += 1;
  return count;
}

function indexOf(reactions: Reactions): Map<string, Set<string>> {
  const known = byEvent.get(reactions);
  if (known !== undefined) return known;
  const index = new Map<string, Set<string>>();
  for (const key of Object.keys(reactions)) add(index, key);
  byEvent.set(reactions, index);
  return index;
}

const eventOf = (key: string): string => key.slice(0, key.indexOf(" "));

function add(index: Map<string, Set<string>>, key: string): void {
  const keys = index.get(eventOf(key)) ?? new Set();
  index.set(eventOf(key), keys.add(key));
}

function take(index: Map<string, Set<string>>, key: string): void {
  const keys = index.get(eventOf(key));
  keys?.delete(key);
  if (keys?.size === 0) index.delete(eventOf(key));
}
