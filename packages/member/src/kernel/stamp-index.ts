// The places that the latest events have in the room's order, as this member heard of them; and digests by which two members see
// that they heard otherwise. An event gets a second stamp when a relay died before its author heard of the first.
import { audienceOf, type Head } from "@agora/protocol";
import { authorOf } from "./authors.ts";
import { type Bounds, putBounded } from "./bounded.ts";
import { markOf, type Ranges } from "./marks.ts";
import { type HistoryLine, type HistoryRecord, isRestamp, keptHead } from "./record.ts";
import { createRestamps } from "./restamps.ts";
import type { Store } from "./store.ts";

/** One event's place. */
export interface Place {
  readonly mark: string;
  readonly seq: number;
  readonly stamp: string;
  /** It is a member's word only. */
  readonly late: boolean;
  /** It is its author's word, which no older one of a relay's takes back. */
  readonly isAuthors: boolean;
  /** How often it was given another stamp. */
  readonly times: number;
  /** The hash of its head; and of a void that of the event it stands for, empty if it names none. */
  readonly hash: string;
  readonly replaces?: string;
  /** Who share a bound, and who of them pays for it. */
  readonly circle: "known" | "strangers" | "handed";
  readonly payer: string;
}

/** From which seq on a digest speaks of the places. */
export interface Tail {
  readonly from: number;
  readonly digest: string;
}

export interface StampIndex {
  /** The place of an event, if it is one of the latest. */
  of(id: string): Place | undefined;
  /** The event with an author's number in an audience, if it is one of the latest; looked for as the same one at first. */
  at(event: { readonly id: string; readonly mark: string; readonly seq: number }): Place | undefined;
  /** For each audience of an author, a digest of the places of what of it came last. [HEAL-7] */
  tailsOf(key: string, marks: Readonly<Record<string, Ranges>>): ReadonlyMap<string, Tail>;
  /** The digest of exactly the seqs of `ranges` from `from` on; undefined when one of them is not known here. */
  digestOf(mark: string, ranges: Ranges, from: number): string | undefined;
}

/** Lines that are read for it at first. */
const MAX_READ = 5_000;
/** Events whose places are remembered, by who said them: strangers push out only theirs. */
const BOUNDS: Bounds<Place, "known" | "strangers" | "handed"> = {
  pools: {
    known: { most: 3_000, each: 3_000 },
    strangers: { most: 1_500, each: 500 },
    handed: { most: 500, each: 200 },
  },
  placeOf: ({ circle, payer }) => ({ pool: circle, filler: payer }),
};
/** Events of one audience that a digest speaks of. */
const MAX_TAIL = 256;

type Kept = Pick<Store, "state" | "history" | "onKept">;

/** Creates the index of stamps over a store; the journal is read when it is first asked. */
export function createStampIndex(store: Kept, sha256: (text: string) => string): StampIndex {
  let places: Record<string, Place> | undefined;

  const note = (line: HistoryLine, head: Head | undefined): void => {
    if (places === undefined) return; // it is in the journal
    if (isRestamp(line)) {
      const known = placeIn(places, line.restamp);
      if (known === undefined || (line.key !== undefined && !known.mark.startsWith(`${line.key}|`))) return;
      const isAuthors = line.authors === true;
      places[line.restamp] = { ...known, stamp: line.stamp, late: false, isAuthors, times: known.times + 1 };
    } else if (head !== undefined)
      putBounded(places, line.id, placeOf(store, head, hashed(line), line.stamp, line.late === true), BOUNDS);
  };
  store.onKept(note);
  const hashed = (line: HistoryRecord): string => sha256(line.head);
  const known = (): Readonly<Record<string, Place>> => (places ??= readPlaces(store, hashed));
  const bySeq = (mark: string): ReadonlyMap<number, Place> =>
    new Map(
      Object.values(known())
        .filter((p) => p.mark === mark)
        .map((p) => [p.seq, p]),
    );
  const digest = (seqs: readonly number[], of: ReadonlyMap<number, Place>): string =>
    sha256(seqs.map((seq) => `${seq} ${of.get(seq)!.stamp}`).join("\n"));

  return {
    of: (id) => placeIn(known(), id),
    at({ id, mark, seq }) {
      const isIt = (place: Place | undefined): boolean => place?.mark === mark && place.seq === seq;
      const same = placeIn(known(), id);
      return isIt(same) ? same : Object.values(known()).find(isIt);
    },
    tailsOf(key, marks) {
      const tails = new Map<string, Tail>();
      const theirs = new Set(
        Object.values(known())
          .map((p) => p.mark)
          .filter((mark) => mark.startsWith(`${key}|`)),
      );
      for (const mark of theirs) {
        const of = bySeq(mark);
        const seqs: number[] = [];
        for (const seq of downFrom(marks[mark] ?? [])) {
          if (!of.has(seq) || seqs.length >= MAX_TAIL) break;
          seqs.unshift(seq);
        }
        if (seqs[0] !== undefined) tails.set(mark, { from: seqs[0], digest: digest(seqs, of) });
      }
      return tails;
    },
    digestOf(mark, ranges, from) {
      const of = bySeq(mark);
      const seqs: number[] = [];
      for (const seq of downFrom(ranges)) {
        if (seq < from) break;
        if (!of.has(seq) || seqs.length >= MAX_TAIL) return undefined;
        seqs.unshift(seq);
      }
      return digest(seqs, of);
    },
  };
}

function placeIn(places: Readonly<Record<string, Place>>, id: string): Place | undefined {
  return Object.hasOwn(places, id) ? places[id] : undefined;
}

function placeOf({ state }: Pick<Store, "state">, head: Head, hash: string, stamp: string, late: boolean): Place {
  const { standing = "here", by } = authorOf(state.authors, head.key) ?? {};
  return {
    ...{ mark: markOf(head.key, audienceOf(head)), seq: head.seq, stamp, late, isAuthors: false, times: 0 },
    hash,
    ...(head.kind === "void" ? { replaces: head.replaces ?? "" } : {}),
    circle: standing === "here" ? "strangers" : standing === "handed" ? "handed" : "known",
    payer: standing === "handed" && by !== undefined ? by : head.key,
  };
}

/** The places of the latest events of the history, oldest first. */
function readPlaces(store: Kept, hashed: (line: HistoryRecord) => string): Record<string, Place> {
  const restamps = createRestamps();
  const found: [string, Place][] = [];
  let read = 0;
  for (const { value } of store.history.back()) {
    if ((read += 1) > MAX_READ) break;
    if (isRestamp(value)) {
      restamps.note(value);
      continue;
    }
    const head = keptHead(value);
    const restamp = restamps.of(value);
    if (head === undefined) continue;
    const place = placeOf(
      store,
      head,
      hashed(value),
      restamp?.stamp ?? value.stamp,
      restamp === undefined && value.late === true,
    );
    found.push([value.id, restamp === undefined ? place : { ...place, isAuthors: restamp.authors === true, times: 1 }]);
  }
  const places: Record<string, Place> = {};
  for (const [id, place] of found.reverse()) putBounded(places, id, place, BOUNDS);
  return places;
}

/** The seqs of rising ranges, highest first. */
function* downFrom(ranges: Ranges): Iterable<number> {
  for (const [from, to] of ranges.toReversed()) for (let seq = to; seq >= from; seq -= 1) yield seq;
}
