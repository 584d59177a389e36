// How far the person has read, as the daemon keeps it for all tabs and devices, and what this browser read since.
import type { Results } from "@agora/ipc/messages";
import { compareStamps, FIRST_STAMP } from "@agora/protocol";
import { signal } from "@preact/signals";
import type { ShownLine } from "./line-book.ts";
import { memory } from "./memory.ts";

/** By place the stamp up to which the person has read it, on whichever device. */
export const reads = signal<Results["reads"]["read"]>({});

/** Takes what the daemon knows to be read; what was read here goes further until the daemon is told. */
export function takeReads(known: Results["reads"]["read"]): void {
  reads.value = { ...known, ...Object.fromEntries(unknownMarks(known)) };
}

/** What was read in this browser and the daemon doesn't know of: the page went before it was told. */
export function unknownMarks(known: Results["reads"]["read"]): readonly (readonly [place: string, read: string])[] {
  return Object.entries(memory.peek().marks).filter(
    ([place, read]) => compareStamps(read, known[place] ?? FIRST_STAMP) > 0,
  );
}

/** Whether the person has seen a line, on whichever device. */
export function isRead({ author, to, at, stamp }: ShownLine): boolean {
  if (at <= memory.value.readAt) return true;
  const isUpTo = (place: string): boolean =>
    stamp !== undefined && compareStamps(stamp, reads.value[place] ?? FIRST_STAMP) <= 0;
  return isUpTo("*") || (to.length > 0 && isUpTo(`@${author}`));
}
