// An append-only journal of JSON lines in segments. A record is completely written before `append` returns; a torn last line
// is set aside at the next opening. Positions are bytes since the journal's beginning and stay valid across segments.
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { backward, type Entry, forward, linesHolding, createReadingRoom } from "./journal-lines.ts";
import { closedSegments, type JournalOptions, repairEnd, type Segment } from "./journal-segments.ts";

/** The result of `append`: the record's position, or why the disk didn't take it. */
export type Appended =
  | { readonly ok: true; readonly position: number }
  | { readonly ok: false; readonly reason: string };

export interface Journal<T> {
  /** The position after the last record. */
  readonly end: number;
  /** Writes one record, whole or not at all. It survives the end of the process; `sync` makes it survive a power cut. */
  append(record: T): Appended;
  /** Resolves when everything appended before is on disk; concurrent callers share one sync. */
  sync(): Promise<void>;
  /** Like `sync`, but blocking, for what must not be ahead of the journal; throws when the disk doesn't take it. */
  syncNow(): void;
  /** The records from `position` on, oldest first. Lines that aren't JSON are skipped. */
  from(position: number): Iterable<Entry<T>>;
  /** The records before `position` (default: the end), newest first. */
  back(position?: number): Iterable<Entry<T>>;
  /**
   * The records whose line contains one of `texts` (as they appear in a line of JSON; an empty one never matches), newest
   * first, one iterable per segment, so that the caller can pause between segments; none from before `position`, and none of
   * segments that begin at `before` or later. It searches
   * the line as text, so check the record's own fields again; a text that ends in a rare character is found fastest. Each
   * record is read when it is asked for.
   */
  holding(texts: readonly string[], position?: number, before?: number): Iterable<Iterable<Entry<T>>>;
  /** The position before which nothing was written after `time` (unix milliseconds), by whole segments. */
  writtenBefore(time: number): number;
  /** Removes segments that end before `position`; the newest full one stays, so that positions continue. */
  dropBefore(position: number): void;
  close(): void;
}

/** Opens (or creates) the journal; you must close it. Throws when the folder can't be read or written. */
export function openJournal<T>(options: JournalOptions): Journal<T> {
  const active = join(options.dir, `${options.name}.jsonl`);
  const closed = closedSegments(options);
  const last = closed.at(-1);
  let base = last === undefined ? 0 : last.base + last.size;
  let fd = openSync(active, "a+", 0o600);
  let isClosed = false;
  let size = repairEnd(fd, active, options);
  let syncing: Promise<void> | undefined;
  let again: Promise<void> | undefined;
  /** Everything before this position is on disk. What was there at opening counts as unsynced: another process wrote it. */
  let synced = -1;

  const rotate = (): void => {
    fsyncSync(fd);
    const path = join(options.dir, `${options.name}-${String(base).padStart(15, "0")}.jsonl`);
    renameSync(active, path);
    let next: number;
    try {
      next = openSync(active, "a+", 0o600);
    } catch (error) {
      renameSync(path, active); // the full one stays in use until there is room for another
      throw error;
    }
    closeSync(fd); // only now: a closed number may be a socket's a moment later
    fd = next;
    closed.push({ path, base, size });
    base += size;
    size = 0;
  };

  const dataSync = (): Promise<void> =>
    new Promise((resolve, reject) => {
      // The journal may rotate or close meanwhile; a rotated segment was synced then.
      fdatasync(fd, (error) => (error === null || error.code === "EBADF" ? resolve() : reject(error)));
    });

  const segments = (): readonly Segment[] => [...closed, { path: active, base, size }];

  return {
    get end() {
      return base + size;
    },
    append(record) {
      const line = Buffer.from(`${JSON.stringify(record)}\n`);
      try {
        if (size > 0 && size + line.length > options.segmentBytes) rotate();
        const position = base + size;
        for (let done = 0; done < line.length;) done += writeSync(fd, line, done);
        size += line.length;
        options.onLine?.(line, size - line.length);
        return { ok: true, position };
      } catch (error) {
        try {
          ftruncateSync(fd, size);
        } catch {
          // The next opening sets the torn line aside.
        }
        return { ok: false, reason: error instanceof Error ? error.message : String(error) };
      }
    },
    sync() {
      if (syncing === undefined) {
        const end = base + size;
        if (end === synced) return Promise.resolve();
        syncing = dataSync()
          .then(() => {
            synced = end;
          })
          .finally(() => {
            syncing = undefined;
          });
        return syncing;
      }
      // One is running and may have begun before the caller's record: the caller waits for the next one.
      again ??= syncing
        .catch(() => undefined)
        .then(() => {
          again = undefined;
          return this.sync();
        });
      return again;
    },
    syncNow() {
      if (base + size === synced) return;
      fdatasyncSync(fd);
      synced = base + size;
    },
    *from(position) {
      for (const segment of segments()) {
        if (segment.base + segment.size <= position) continue;
        yield* forward<T>(segment, Math.max(0, position - segment.base));
      }
    },
    *back(position = base + size) {
      for (const segment of [...segments()].reverse()) {
        if (segment.base >= position) continue;
        yield* backward<T>(segment, Math.min(segment.size, position - segment.base));
      }
    },
    *holding(texts, position = 0, before = Infinity) {
      const needles = texts.filter((text) => text !== "").map((text) => Buffer.from(text));
      const room = createReadingRoom();
      for (const segment of [...segments()].reverse()) {
        if (segment.base + segment.size <= position) return;
        if (segment.base >= before) continue;
        yield linesHolding<T>(segment, needles, position - segment.base, room);
      }
    },
    writtenBefore(time) {
      const old = closed.findLastIndex(({ path }) => statSync(path).mtimeMs < time);
      return old < 0 ? 0 : closed[old]!.base + closed[old]!.size;
    },
    dropBefore(position) {
      while (closed.length > 1 && closed[0]!.base + closed[0]!.size <= position) unlinkSync(closed.shift()!.path);
    },
    close() {
      if (isClosed) return; // the number may be another file's by now
      isClosed = true;
      try {
        fsyncSync(fd);
        closeSync(fd);
      } catch {
        // Nobody is left to be told.
      }
    },
  };
}
