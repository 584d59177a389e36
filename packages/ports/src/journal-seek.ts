// Finds a place in a journal whose records are in an order, such as that of their times, by reading a handful of them.
import type { Journal } from "./journal.ts";

/** What is left to read record by record, bytes. */
const NEAR_BYTES = 64 * 1024;

/**
 * The position of the first record for which `isBefore` is false; the journal's end when there is none. By halving: where a
 * few records are out of order, the place is right but for those.
 */
export function seekRecord<T>(journal: Pick<Journal<T>, "from" | "end">, isBefore: (record: T) => boolean): number {
  let low = 0;
  for (let high = journal.end; high - low > NEAR_BYTES;) {
    const middle = low + Math.floor((high - low) / 2);
    const next = first(journal.from(middle));
    if (next !== undefined && next.position < high && isBefore(next.value)) low = next.position;
    else high = middle;
  }
  for (const { position, value } of journal.from(low)) if (!isBefore(value)) return position;
  return journal.end;
}

function first<E>(entries: Iterable<E>): E | undefined {
  for (const entry of entries) return entry;
  return undefined;
}
