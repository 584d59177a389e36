// A record that keeps its latest entries: what was put last stands last, and the oldest go. Counting the keys at every put
// would cost more than all else in a fold, so they go a tenth at a time.

/** Sizes of the records that were put into; whoever puts into one deletes from it nowhere else. */
const sizes = new WeakMap<object, number>();
const SLACK = 1.1;

/** Puts an entry last; keeps at least the latest `most`. */
export function putLatest<T>(entries: Record<string, T>, key: string, value: T, most: number): void {
  let size = sizes.get(entries) ?? Object.keys(entries).length;
  if (Object.hasOwn(entries, key)) delete entries[key];
  else size += 1;
  entries[key] = value;
  if (size > most * SLACK) {
    for (const old of Object.keys(entries).slice(0, size - most)) delete entries[old];
    size = most;
  }
  sizes.set(entries, size);
}
