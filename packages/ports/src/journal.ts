// An append-only journal of JSON lines in segments. A record is completely written before `append` returns; a torn last line
// is set aside at the next opening. Positions are bytes since the journal's beginning and stay valid across segments.
import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** A record as read back: its position and its value. */
export interface Entry<T> {
  readonly position: number;
  readonly value: T;
}

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
   * first, one iterable per segment, so that the caller can pause between segments; none from before `position`. It searches
   * the line as text, so check the record's own fields again; a text that ends in a rare character is found fastest. Each
   * record is read when it is asked for.
   */
  holding(texts: readonly string[], position?: number): Iterable<Iterable<Entry<T>>>;
  /** The position before which nothing was written after `time` (unix milliseconds), by whole segments. */
  writtenBefore(time: number): number;
  /** Removes segments that end before `position`; the newest full one stays, so that positions continue. */
  dropBefore(position: number): void;
  close(): void;
}

export interface JournalOptions {
  readonly dir: string;
  /** `history` makes `history.jsonl`, and `history-<position>.jsonl` for full segments. */
  readonly name: string;
  readonly segmentBytes: number;
  /** Called with each line that was written, and where it begins in its segment, bytes. */
  readonly onLine?: (line: Buffer, offset: number) => void;
  /** Called when a torn or foreign end was set aside into `path`. */
  readonly onRepair?: (path: string, bytes: number) => void;
}

interface Segment {
  readonly path: string;
  readonly base: number;
  readonly size: number;
}

const BLOCK_BYTES = 64 * 1024;
/**
 * Reading in either direction begins with a block of this size and continues with larger ones: often one record is wanted.
 */
const FIRST_BLOCK_BYTES = 4 * 1024;
const NEWLINE = 0x0a;

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
    *holding(texts, position = 0) {
      const needles = texts.filter((text) => text !== "").map((text) => Buffer.from(text));
      for (const segment of [...segments()].reverse()) {
        if (segment.base + segment.size <= position) return;
        yield linesHolding<T>(segment, needles, position - segment.base);
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

function closedSegments(options: JournalOptions): Segment[] {
  const pattern = new RegExp(`^${options.name}-(\\d{15,16})\\.jsonl$`);
  return readdirSync(options.dir)
    .map((file) => ({ file, match: pattern.exec(file) }))
    .filter((f) => f.match !== null)
    .map(({ file, match }) => ({
      path: join(options.dir, file),
      base: Number(match![1]),
      size: statSync(join(options.dir, file)).size,
    }))
    .sort((a, b) => a.base - b.base);
}

/** Cuts a torn last line off the active file and keeps it beside; returns the good size. */
function repairEnd(fd: number, path: string, options: JournalOptions): number {
  const size = statSync(path).size;
  if (size === 0) return 0;
  const good = lastNewline(fd, size) + 1;
  if (good === size) return size;
  const torn = Buffer.alloc(size - good);
  readSync(fd, torn, 0, torn.length, good);
  let aside = `${path}.torn`;
  for (let n = 1; existsSync(aside); n += 1) aside = `${path}.torn.${n}`;
  writeFileSync(aside, torn, { mode: 0o600 });
  ftruncateSync(fd, good);
  options.onRepair?.(aside, torn.length);
  return good;
}

function lastNewline(fd: number, size: number): number {
  const block = Buffer.alloc(BLOCK_BYTES);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const read = readSync(fd, block, 0, end - start, start);
    const at = block.subarray(0, read).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at;
    end = start;
  }
  return -1;
}

function* linesHolding<T>(segment: Segment, needles: readonly Buffer[], from: number): Iterable<Entry<T>> {
  const whole = readWhole(segment);
  /** Where the last line before `end` that contains the needle begins; -1 if there is none. */
  const before = (needle: Buffer, end: number): number => {
    const at = end <= 0 ? -1 : whole.lastIndexOf(needle, end - 1);
    return at < 0 ? -1 : whole.lastIndexOf(NEWLINE, at) + 1;
  };
  const next = needles.map((needle) => before(needle, whole.length));
  for (let start = Math.max(...next); start >= Math.max(0, from); start = Math.max(...next)) {
    const end = whole.indexOf(NEWLINE, start);
    const value = parse<T>(whole.subarray(start, end < 0 ? whole.length : end));
    if (value !== undefined) yield { position: segment.base + start, value };
    for (const [n, needle] of needles.entries()) if (next[n] === start) next[n] = before(needle, start);
  }
}

/** A whole segment; empty if it was dropped meanwhile. */
function readWhole(segment: Segment): Buffer {
  try {
    return segment.size === 0 ? Buffer.alloc(0) : readFileSync(segment.path).subarray(0, segment.size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

function parse<T>(line: Buffer): T | undefined {
  try {
    return JSON.parse(line.toString("utf8")) as T;
  } catch {
    return undefined;
  }
}

function* forward<T>(segment: Segment, offset: number): Iterable<Entry<T>> {
  const fd = openSync(segment.path, "r");
  try {
    let rest = Buffer.alloc(0);
    let restAt = offset;
    for (let at = offset, bytes = FIRST_BLOCK_BYTES; at < segment.size; bytes = Math.min(bytes * 2, BLOCK_BYTES * 4)) {
      const block = Buffer.allocUnsafe(Math.min(bytes, segment.size - at));
      const read = readSync(fd, block, 0, block.length, at);
      if (read === 0) return;
      at += read;
      rest = rest.length === 0 ? block.subarray(0, read) : Buffer.concat([rest, block.subarray(0, read)]);
      let start = 0;
      for (let nl = rest.indexOf(NEWLINE); nl >= 0; nl = rest.indexOf(NEWLINE, start)) {
        const value = parse<T>(rest.subarray(start, nl));
        if (value !== undefined) yield { position: segment.base + restAt + start, value };
        start = nl + 1;
      }
      restAt += start;
      rest = rest.subarray(start);
    }
  } finally {
    closeSync(fd);
  }
}

function* backward<T>(segment: Segment, before: number): Iterable<Entry<T>> {
  const fd = openSync(segment.path, "r");
  try {
    let tail = Buffer.alloc(0); // bytes from `at` on of lines not yielded yet
    let at = before;
    for (let bytes = FIRST_BLOCK_BYTES; ; bytes = Math.min(bytes * 2, BLOCK_BYTES)) {
      let end = tail.length;
      if (end > 0 && tail[end - 1] === NEWLINE) end -= 1;
      // Yield each whole line at the end of what was read.
      for (
        let nl = tail.subarray(0, end).lastIndexOf(NEWLINE);
        nl >= 0;
        nl = tail.subarray(0, end).lastIndexOf(NEWLINE)
      ) {
        const value = parse<T>(tail.subarray(nl + 1, end));
        if (value !== undefined) yield { position: segment.base + at + nl + 1, value };
        end = nl;
      }
      tail = tail.subarray(0, Math.min(tail.length, end + 1));
      if (at === 0) {
        const value = end > 0 ? parse<T>(tail.subarray(0, end)) : undefined;
        if (value !== undefined) yield { position: segment.base, value };
        return;
      }
      const start = Math.max(0, at - bytes);
      const block = Buffer.allocUnsafe(at - start);
      readSync(fd, block, 0, block.length, start);
      tail = Buffer.concat([block, tail]);
      at = start;
    }
  } finally {
    closeSync(fd);
  }
}
