// What this person's devices have told each other of the person, and what this one has not told yet. Of how far a place was read the
// furthest counts, whichever device it comes from; of a channel the latest word by stamp. [DEVICE-15]
import { compareStamps, type OwnState, type SignedEvent, stampParts } from "@agora/protocol";
import { putLatest } from "../kernel/latest.ts";

/** What is kept of a place. */
export type What = "read" | "in";

export interface OwnEntry {
  readonly place: string;
  readonly value: string | boolean;
  /** Its place in the room's order; of what was not told yet, behind all that is known. */
  readonly stamp: string;
  readonly id: string;
  /** What told it, to be given to devices that come later, as it came. */
  readonly event?: SignedEvent;
}

/** By `<what> <place>`; plain JSON. */
export type OwnEntries = Record<string, OwnEntry>;

export interface OwnRecord {
  readonly op: "own-state";
  readonly what: What;
  readonly place: string;
  readonly value: string | boolean;
  readonly stamp: string;
}

/** Places that are kept; the longest unheard go. [DEVICE-15] */
export const MAX_PLACES = 300;

/** The entry of a place; undefined: nothing is known. */
export function entryOf(entries: OwnEntries, what: What, place: string): OwnEntry | undefined {
  const key = `${what} ${place}`;
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/** What an event says, of each thing one value. */
export function* wordsOf({
  place,
  read,
  in: isIn,
}: OwnState): Iterable<{ what: What; place: string; value: string | boolean }> {
  if (read !== undefined) yield { what: "read", place, value: read };
  if (isIn !== undefined && place.startsWith("#")) yield { what: "in", place, value: isIn };
}

/** Folds one word, in place. */
export function foldOwn(entries: OwnEntries, what: What, entry: OwnEntry): void {
  const known = entryOf(entries, what, entry.place);
  if (known === undefined || counts(known, what, entry))
    putLatest(entries, `${what} ${entry.place}`, entry, MAX_PLACES);
}

function counts(known: OwnEntry, what: What, entry: OwnEntry): boolean {
  if (known.value === entry.value && known.event === undefined && entry.event !== undefined) return true; // now it is told
  const further = what === "read" ? compareStamps(String(entry.value), String(known.value)) : 0;
  if (further !== 0) return further > 0;
  // Of one word the latest telling is kept: the key of an earlier one may have ended, and then it is told anew, once.
  const order = compareStamps(entry.stamp, known.stamp);
  return order > 0 || (order === 0 && entry.id > known.id);
}

/** A stamp just behind another one: what is decided now comes after all that is known. */
export function behind(stamp: string): string {
  const [ms, n] = stampParts(stamp);
  return `${ms}-${n + 1}`;
}
