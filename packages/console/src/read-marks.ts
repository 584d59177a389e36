// What the person has read here: the room as a whole, and the conversation with each member.
import { memory, remember } from "./memory.ts";
import { book, roomLines } from "./room.ts";

/** Marks the conversation with one member as read. */
export function markReadWith(name: string): void {
  const last = book.peek().room.reduce((at, line) => (line.author === name ? Math.max(at, line.at) : at), 0);
  const { people } = memory.peek();
  if (last > (people[name] ?? 0)) remember({ people: { ...people, [name]: last } });
}

/** Marks everything here as read. */
export function markRead(): void {
  const last = roomLines.peek().reduce((at, line) => Math.max(at, line.at), 0);
  if (last > memory.peek().readAt) remember({ readAt: last });
}
