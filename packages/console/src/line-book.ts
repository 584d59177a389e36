// The lines this page knows, in the room's order: pure, without signals. `room` has no gaps after its first line; lines
// fetched from older threads are kept apart.
import type { Line, LineReactions } from "@agora/ipc/messages";
import { compareStamps } from "@agora/protocol";

/** A line as shown; the person's own lines are shown before they are recorded. */
export interface ShownLine extends Line {
  readonly pending?: true;
  /** Why it wasn't sent. */
  readonly failed?: string;
}

export interface LineBook {
  readonly room: readonly ShownLine[];
  readonly apart: ReadonlyMap<string, ShownLine>;
  /** There are older lines to load. */
  readonly more: boolean;
}

export const EMPTY_BOOK: LineBook = { room: [], apart: new Map(), more: false };

/** The room's order: by stamp; unstamped lines come after all stamped ones, by time. */
export function compareLines(a: ShownLine, b: ShownLine): number {
  if (a.stamp !== undefined && b.stamp !== undefined)
    return compareStamps(a.stamp, b.stamp) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  if (a.stamp !== undefined) return -1;
  if (b.stamp !== undefined) return 1;
  return a.time - b.time;
}

/** The book with these lines added to the room, each once: later information on a line replaces earlier. */
export function addLines(book: LineBook, lines: readonly ShownLine[], more = book.more): LineBook {
  if (lines.length === 0) return more === book.more ? book : { ...book, more };
  const fresh = new Map(lines.map((line) => [line.id, line]));
  const known = book.room.some(({ id }) => fresh.has(id));
  const room = known ? book.room.filter(({ id }) => !fresh.has(id)) : [...book.room];
  const added = [...fresh.values()].sort(compareLines);
  const last = room.at(-1);
  if (last === undefined || compareLines(last, added[0]!) < 0) room.push(...added);
  else {
    room.push(...added);
    room.sort(compareLines);
  }
  return { ...book, room, more };
}

/** The book with lines outside the loaded part of the room: of threads older than what is loaded. */
export function addApart(book: LineBook, lines: readonly ShownLine[]): LineBook {
  const apart = new Map(book.apart);
  for (const line of lines) apart.set(line.id, line);
  return { ...book, apart };
}

/** The book with the reactions to a line as they are now; the same book if the line isn't in it. */
export function setReactions(book: LineBook, { id, reactions }: LineReactions): LineBook {
  const at = book.room.findIndex((line) => line.id === id);
  const apart = book.apart.get(id);
  if (at < 0 && apart === undefined) return book;
  const room = at < 0 ? book.room : book.room.with(at, { ...book.room[at]!, reactions });
  return {
    ...book,
    room,
    apart: apart === undefined ? book.apart : new Map(book.apart).set(id, { ...apart, reactions }),
  };
}

/** The wanted lines, of the room and apart from it, each once, in order. */
export function select(book: LineBook, wanted: (line: ShownLine) => boolean): readonly ShownLine[] {
  const inRoom = book.room.filter(wanted);
  const ids = new Set(inRoom.map(({ id }) => id));
  const others = [...book.apart.values()].filter((line) => !ids.has(line.id) && wanted(line));
  return others.length === 0 ? inRoom : [...others, ...inRoom].sort(compareLines);
}

/** What is known about one thread. */
export interface ThreadSummary {
  readonly id: string;
  readonly first: ShownLine;
  readonly last: ShownLine;
  readonly count: number;
  readonly people: readonly string[];
}

/** The threads in these lines, latest first. */
export function threadsOf(lines: readonly ShownLine[]): readonly ThreadSummary[] {
  const threads = new Map<string, { first: ShownLine; last: ShownLine; count: number; people: Set<string> }>();
  for (const line of lines) {
    const known = threads.get(line.thread);
    if (known === undefined) {
      threads.set(line.thread, { first: line, last: line, count: 1, people: new Set([line.author]) });
    } else {
      known.last = line;
      known.count += 1;
      known.people.add(line.author);
    }
  }
  return [...threads]
    .map(([id, { people, ...rest }]) => ({ id, ...rest, people: [...people] }))
    .sort((a, b) => compareLines(b.last, a.last));
}
