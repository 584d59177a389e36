// What the person has read here: the room as a whole, and the conversation with each member. This browser remembers it by its daemon's
// clock, the person's other devices by the room's stamps.
import { compareStamps, FIRST_STAMP } from "@agora/protocol";
import type { ShownLine } from "./line-book.ts";
import { memory, remember } from "./memory.ts";
import { ask, book, reads, roomLines } from "./room.ts";

/** What was told from here, by place. */
const told = new Map<string, string>();

/** Marks the conversation with one member as read. */
export function markReadWith(name: string): void {
  const lines = book.peek().room.filter(({ author }) => author === name);
  const last = lastOf(lines);
  const { people } = memory.peek();
  if (last > (people[name] ?? 0)) remember({ people: { ...people, [name]: last } });
  tellDevices(`@${name}`, lines);
}

/** Marks everything here as read. */
export function markRead(): void {
  const lines = roomLines.peek();
  const last = lastOf(lines);
  if (last > memory.peek().readAt) remember({ readAt: last });
  tellDevices("*", lines);
}

function lastOf(lines: readonly ShownLine[]): number {
  return lines.reduce((at, line) => Math.max(at, line.at), 0);
}

function tellDevices(place: string, lines: readonly ShownLine[]): void {
  const known = [told.get(place), reads.peek()[place]].reduce<string>(later, FIRST_STAMP);
  const last = lines.map(({ stamp }) => stamp).reduce<string>(later, known);
  if (last === known) return;
  told.set(place, last);
  void ask("markRead", { place, read: last });
}

function later(most: string, stamp: string | undefined): string {
  return stamp !== undefined && compareStamps(stamp, most) > 0 ? stamp : most;
}
