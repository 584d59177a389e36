// A journal whose records are in memory and are written to the database behind. Positions are characters since its
// beginning, as a file journal's are bytes.
import type { Entry, Journal } from "@agora/ports";
import type { KeptRecord } from "./database.ts";
import type { Writer } from "./writer.ts";

/** How many records a search scans at once. */
const SLICE = 2_000;

interface Held<T> extends Entry<T> {
  readonly size: number;
}

/** Opens a journal over its stored records. */
export function createJournal<T>(
  store: "history" | "outbox" | "inbox",
  kept: readonly (readonly [position: number, record: KeptRecord])[],
  writer: Writer,
): Journal<T> {
  let held: Held<T>[] = kept.map(([position, { value, size }]) => ({ position, value: value as T, size }));
  let end = held.length === 0 ? 0 : held.at(-1)!.position + held.at(-1)!.size;

  /** The index of the first record at `position` or later. */
  const indexOf = (position: number): number => {
    let low = 0;
    for (let high = held.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (held[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    get end() {
      return end;
    },
    append(value) {
      if (writer.failure !== undefined) return { ok: false, reason: writer.failure };
      const size = JSON.stringify(value).length + 1;
      const position = end;
      end += size;
      held.push({ position, value, size });
      writer.add({ store, put: position, value: { value, size } });
      return { ok: true, position };
    },
    sync: () => writer.written(),
    *from(position) {
      const all = held;
      for (let i = indexOf(position); i < all.length; i += 1) yield all[i]!;
    },
    *back(position = end) {
      const all = held;
      for (let i = indexOf(position) - 1; i >= 0; i -= 1) yield all[i]!;
    },
    *holding(texts, position = 0) {
      const all = held;
      const first = indexOf(position);
      for (let to = all.length; to > first; to -= SLICE)
        yield all
          .slice(Math.max(first, to - SLICE), to)
          .filter(({ value }) => {
            const line = JSON.stringify(value);
            return texts.some((text) => text !== "" && line.includes(text));
          })
          .toReversed();
    },
    syncNow: () => undefined, // the database gets the checkpoint after the records before it
    writtenBefore: () => 0,
    dropBefore(position) {
      const keep = Math.min(indexOf(position), held.length - 1); // the last one stays, so that positions continue
      if (keep <= 0) return;
      held = held.slice(keep);
      writer.add({ store, before: held[0]!.position });
    },
    close: () => undefined,
  };
}
