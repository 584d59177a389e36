// Whose events arrived. An author's marks go only with the author, and who goes depends on who it is to us: strangers never push out
// those we spoke with, and what one member hands on pushes out nobody whom the relay itself let speak. What is forgotten is not
// new afterwards: it raises a floor, a time that its author signed, up to which one can't tell any more what came before.
import { MAX_STAMP_LEAD_MS } from "@agora/protocol";
import { type Bounds, putBounded } from "./bounded.ts";
import { addSeq, markOf, type Marks } from "./marks.ts";

/** Who an author is to this member: itself, one it addressed, one that spoke here by the relay's word, one only handed on. */
export type Standing = "own" | "met" | "here" | "handed";

export interface Author {
  readonly standing: Standing;
  /** The name of the member who handed it on, and pays for it. */
  readonly by?: string;
  /** Of what it signed up to this time it is not known whether it arrived, where there is no mark; unix milliseconds. */
  readonly floor: number;
  /** The audiences that it has marks of, heard of last standing last. */
  readonly audiences: Record<string, Span>;
}

/** The latest time that was signed in an audience, as far as it is believed, and the author's floor when its mark was begun. */
export type Span = readonly [latest: number, floor: number];

/** What is known of authors, by key; plain JSON. */
export interface Authors {
  readonly known: Record<string, Author>;
  /** The floors of who is not known: of those who speak here, and of those who are handed on. */
  readonly floors: { here: number; handed: number };
}

/** How many audiences an author may have marks of. */
export const MAX_AUDIENCES: Readonly<Record<Standing, number>> = { own: 4_000, met: 200, here: 20, handed: 10 };

/** How many authors are known, and how many of those whom one member hands on. */
export const AUTHORS: Bounds<Author, Standing> = {
  pools: {
    own: { most: 8, each: 8 },
    met: { most: 1_000, each: 1_000 },
    here: { most: 2_000, each: 2_000 },
    handed: { most: 1_500, each: 500 },
  },
  placeOf: ({ standing, by }) => ({ pool: standing, filler: by ?? "" }),
};

const RANK: Readonly<Record<Standing, number>> = { handed: 0, here: 1, met: 2, own: 3 };

/** One arrival. */
export interface Arrival {
  readonly key: string;
  readonly audience: string;
  readonly seq: number;
  /** What its author signed. */
  readonly time: number;
  /** When it was written down here. */
  readonly at: number;
  readonly standing: Standing;
  /** Who handed it on. */
  readonly by?: string | undefined;
}

/** Nobody spoke yet. */
export function noAuthors(): Authors {
  return { known: {}, floors: { here: 0, handed: 0 } };
}

/** What is known of the author with this key; undefined: nothing. */
export function authorOf(authors: Authors, key: string): Author | undefined {
  return Object.hasOwn(authors.known, key) ? authors.known[key] : undefined;
}

/** Who a key is to this member; undefined: a stranger. */
export function standingOfAuthor(authors: Authors, key: string): Standing | undefined {
  return authorOf(authors, key)?.standing;
}

/** Whether this member itself, or somebody it addressed, has this key. */
export function isMet(authors: Authors, key: string): boolean {
  return RANK[standingOfAuthor(authors, key) ?? "handed"] >= RANK.met;
}

/** Folds one arrival, in place. */
export function foldArrival(marks: Marks, authors: Authors, arrival: Arrival): void {
  const { key, audience, seq, at, standing, by } = arrival;
  const author = raised(authors.known[key] ?? begin(authors, standing, by), standing);
  const known = author.audiences[audience];
  const [latest, floor] = known ?? [0, author.floor];
  delete author.audiences[audience];
  author.audiences[audience] = [Math.max(latest, Math.min(arrival.time, at + MAX_STAMP_LEAD_MS)), floor];
  const mark = markOf(key, audience);
  const ranges = addSeq(marks[mark], seq);
  delete marks[mark];
  marks[mark] = ranges;
  put(marks, authors, key, known === undefined ? bounded(marks, key, author) : author);
}

/** This member addressed somebody: nobody else's events push out what is known of them. */
export function foldMet(marks: Marks, authors: Authors, key: string): void {
  const known = authors.known[key];
  if (known?.standing === "own") return;
  put(marks, authors, key, raised(known ?? begin(authors, "met"), "met"));
}

/**
 * Whether an event without a mark may have arrived all the same, because what was known of its author was forgotten.
 *
 * @param standing who its author is by this event
 */
export function mayHaveArrived(
  authors: Authors,
  { key, audience, time }: { readonly key: string; readonly audience: string; readonly time: number },
  standing: Standing,
): boolean {
  const author = authors.known[key];
  return (
    time <= (author === undefined ? floorFor(authors, standing) : (author.audiences[audience]?.[1] ?? author.floor))
  );
}

/**
 * Makes marks and authors agree, in place: an earlier version kept marks alone. Its authors were all let in by the same
 * door, so that none of them is a stranger now.
 *
 * @param time what they signed is not later than this
 */
export function adoptMarks(marks: Marks, authors: Authors, time: number): void {
  for (const [key, { audiences }] of Object.entries(authors.known))
    for (const audience of Object.keys(audiences))
      if (!Object.hasOwn(marks, markOf(key, audience))) delete audiences[audience];
  for (const mark of Object.keys(marks)) {
    const bar = mark.indexOf("|");
    const [key, audience] = [mark.slice(0, bar), mark.slice(bar + 1)];
    const known = authors.known[key];
    if (known !== undefined && audience in known.audiences) continue;
    const author = known ?? begin(authors, "met");
    author.audiences[audience] = [time, 0];
    put(marks, authors, key, author);
  }
}

function floorFor({ floors }: Authors, standing: Standing): number {
  return standing === "handed" ? Math.max(floors.here, floors.handed) : floors.here;
}

function begin(authors: Authors, standing: Standing, by?: string): Author {
  const handedBy = standing === "handed" && by !== undefined ? { by } : {};
  return { standing, ...handedBy, floor: floorFor(authors, standing), audiences: {} };
}

/** Who an author is after one more word of it: never less than before. */
function raised(author: Author, standing: Standing): Author {
  if (RANK[author.standing] >= RANK[standing]) return author;
  const { by: _, ...rest } = author;
  return { ...rest, standing };
}

/** An author with too many audiences loses the oldest of its own. */
function bounded(marks: Marks, key: string, author: Author): Author {
  const audiences = Object.keys(author.audiences);
  const over = audiences.slice(0, Math.max(0, audiences.length - MAX_AUDIENCES[author.standing]));
  const floor = Math.max(author.floor, ...over.map((audience) => author.audiences[audience]![0]));
  for (const audience of over) {
    delete author.audiences[audience];
    delete marks[markOf(key, audience)];
  }
  return over.length === 0 ? author : { ...author, floor };
}

function put(marks: Marks, authors: Authors, key: string, author: Author): void {
  const { floors } = authors;
  for (const [gone, { standing, floor, audiences }] of putBounded(authors.known, key, author, AUTHORS)) {
    for (const audience of Object.keys(audiences)) delete marks[markOf(gone, audience)];
    const side = standing === "handed" ? "handed" : "here";
    floors[side] = Math.max(floors[side], floor, ...Object.values(audiences).map(([latest]) => latest));
  }
}
