// What the person has read: the room as a whole, each channel, and what each member said to this person alone. The daemon keeps
// it by the room's stamps, for all tabs and devices; only what was on the screen is told to it.
import { compareStamps, FIRST_STAMP } from "@agora/protocol";
import type { ShownLine } from "./line-book.ts";
import { memory, remember } from "./memory.ts";
import { reads } from "./read-state.ts";
import { ask } from "./room.ts";

/** A place that is read by itself: `*` the room, `#name` a channel, `@name` what a member said. */
export type Place = "*" | `#${string}` | `@${string}`;

/** The person has seen a line of a place on the screen, and so what is above it. */
export function markRead(place: Place, { stamp }: ShownLine): void {
  if (stamp === undefined || compareStamps(stamp, reads.peek()[place] ?? FIRST_STAMP) <= 0) return;
  reads.value = { ...reads.peek(), [place]: stamp }; // shown at once; the daemon says the same
  const { [place]: _, ...marks } = memory.peek().marks;
  remember({ marks: { ...marks, [place]: stamp } });
  untold.set(place, stamp);
  telling ??= setTimeout(tell, TELL_AFTER_MS);
}

/** Scrolling goes through many lines: the daemon is told of the last one. */
const TELL_AFTER_MS = 500;
const untold = new Map<Place, string>();
let telling: ReturnType<typeof setTimeout> | undefined;

function tell(): void {
  clearTimeout(telling);
  telling = undefined;
  for (const [place, read] of untold) void ask("markRead", { place, read });
  untold.clear();
}

addEventListener("pagehide", tell);

/** The person has read all of these. */
export function markAllRead(place: Place, lines: readonly ShownLine[]): void {
  const last = lines.findLast(({ stamp }) => stamp !== undefined);
  if (last === undefined) return;
  markRead(place, last);
  tell();
}

/** What is new as of now in a place: which lines, also of those that come later. What changes afterwards doesn't change it. */
export function newSince(place: Place): (line: ShownLine) => boolean {
  const mark = reads.peek()[place] ?? FIRST_STAMP;
  const all = place.startsWith("@") ? (reads.peek()["*"] ?? FIRST_STAMP) : FIRST_STAMP;
  const from = compareStamps(mark, all) > 0 ? mark : all;
  const { readAt } = memory.peek();
  return ({ mine, at, stamp }) => !mine && at > readAt && (stamp === undefined || compareStamps(stamp, from) > 0);
}
