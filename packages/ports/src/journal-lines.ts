// Reading a journal's segments: the records of one from a position on, from its end back, or those whose line contains a text.
// Lines that aren't JSON are skipped.
import { closeSync, openSync, readSync } from "node:fs";
import { BLOCK_BYTES, NEWLINE, type Segment } from "./journal-segments.ts";

/** A record as read back: its position and its value. */
export interface Entry<T> {
  readonly position: number;
  readonly value: T;
}

/**
 * Reading in either direction begins with a block of this size and continues with larger ones: often one record is wanted.
 */
const FIRST_BLOCK_BYTES = 4 * 1024;

/**
 * The records of a segment from offset `from` on whose line contains one of `needles`, newest first. `room` lends the bytes
 * that the segment is read into until the last record was taken.
 */
export function* linesHolding<T>(
  segment: Segment,
  needles: readonly Buffer[],
  from: number,
  room: ReadingRoom,
): Iterable<Entry<T>> {
  const lent = room.take(segment.size);
  try {
    const whole = readWhole(segment, lent);
    /** Where the last line before `end` that contains the needle begins; -1 if there is none. */
    const before = (needle: Buffer, end: number): number => {
      const at = end <= 0 ? -1 : whole.lastIndexOf(needle, end - 1);
      return at < 0 ? -1 : whole.lastIndexOf(NEWLINE, at) + 1;
    };
    // Most segments hold none of them, and forwards that is found out three times as fast as backwards.
    const next = needles.map((needle) => (whole.includes(needle) ? before(needle, whole.length) : -1));
    for (let start = Math.max(...next); start >= Math.max(0, from); start = Math.max(...next)) {
      const end = whole.indexOf(NEWLINE, start);
      const value = parse<T>(whole.subarray(start, end < 0 ? whole.length : end));
      if (value !== undefined) yield { position: segment.base + start, value };
      for (const [n, needle] of needles.entries()) if (next[n] === start) next[n] = before(needle, start);
    }
  } finally {
    room.giveBack(lent);
  }
}

/** Bytes that segments are read into one after the other: new ones for each would cost four times what the search does. */
export interface ReadingRoom {
  take(bytes: number): Buffer;
  giveBack(lent: Buffer): void;
}

/** A room for one search. Who takes before the last was given back gets bytes of their own. */
export function createReadingRoom(): ReadingRoom {
  let free: Buffer | undefined;
  return {
    take(bytes) {
      const lent = free !== undefined && free.length >= bytes ? free : Buffer.allocUnsafeSlow(bytes);
      free = undefined;
      return lent;
    },
    giveBack(lent) {
      free = lent;
    },
  };
}

/** A whole segment, in the bytes that were lent; empty if it was dropped meanwhile. */
function readWhole(segment: Segment, lent: Buffer): Buffer {
  let fd: number;
  try {
    fd = openSync(segment.path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return lent.subarray(0, 0);
    throw error;
  }
  try {
    let read = 0;
    for (let more = 1; more > 0 && read < segment.size; read += more) {
      more = readSync(fd, lent, read, segment.size - read, read);
    }
    return lent.subarray(0, read);
  } finally {
    closeSync(fd);
  }
}

function parse<T>(line: Buffer): T | undefined {
  try {
    return JSON.parse(line.toString("utf8")) as T;
  } catch {
    return undefined;
  }
}

/** The records of a segment from an offset on, oldest first. */
export function* forward<T>(segment: Segment, offset: number): Iterable<Entry<T>> {
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

/** The records of a segment before an offset, newest first. */
export function* backward<T>(segment: Segment, before: number): Iterable<Entry<T>> {
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
