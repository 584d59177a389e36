// How much of a file may be under way unacknowledged: it grows while acknowledgements come soon, and shrinks when they are
// late (the way is full, and messages would wait behind the chunks) or when the relay refuses.
import { CHUNK_WINDOW } from "@agora/protocol";

/** How much later than the soonest an acknowledgement may be: by milliseconds, or by a part of it on a long way. */
const SOON = { ms: 6, part: 0.25 };
/** Beyond this, chunks queue up somewhere. */
const LATE = { ms: 14, part: 0.6 };
const MIN_CHUNK_BYTES = 16 * 1024;
const START_CHUNKS = 4;
/** The soonest time is forgotten slowly: the way may have changed. */
const FORGET = 1.002;

/** The window of one transfer. */
export interface Window {
  /** Bytes that may be under way. [FILE-4] */
  readonly bytes: number;
  /** How large the next chunk should be. */
  readonly chunkBytes: number;
  /** All below `end` has been sent. */
  sent(end: number, at: number): void;
  /** All below `offset` is confirmed. */
  acked(offset: number, at: number): void;
  /** A chunk was refused, or the receiver has a gap: what was under way is void. */
  cut(): void;
}

/** Makes a window for chunks of at most `chunkBytes`, for a transfer that begins at `start`. */
export function createWindow(chunkBytes: number, start: number): Window {
  const least = 2 * Math.min(MIN_CHUNK_BYTES, chunkBytes);
  const most = CHUNK_WINDOW * chunkBytes;
  let bytes = START_CHUNKS * chunkBytes;
  let calm = most; // below it the window doubles in each round, above it grows by one chunk
  let soonest = Number.POSITIVE_INFINITY;
  let shrunkAt = Number.NEGATIVE_INFINITY;
  let confirmed = start;
  let underWay: { readonly end: number; readonly at: number }[] = [];

  const allowance = ({ ms, part }: typeof SOON): number => Math.max(ms, soonest * part);
  const shrink = (by: number): void => {
    bytes = Math.max(least, Math.floor(bytes * by));
    calm = bytes;
  };
  return {
    get bytes() {
      return bytes;
    },
    get chunkBytes() {
      return Math.min(chunkBytes, Math.max(MIN_CHUNK_BYTES, Math.floor(bytes / 2)));
    },
    sent(end, at) {
      underWay.push({ end, at });
    },
    acked(offset, at) {
      const done = underWay.findLast((one) => one.end <= offset);
      if (done === undefined) return;
      underWay = underWay.filter((one) => one.end > offset);
      const gained = Math.max(0, offset - confirmed);
      confirmed = Math.max(confirmed, offset);
      const took = at - done.at;
      soonest = Math.min(soonest * FORGET, took);
      if (took > soonest + allowance(LATE)) {
        if (at - shrunkAt < took) return; // this one was sent before the window shrank
        shrunkAt = at;
        shrink(0.7);
      } else if (took < soonest + allowance(SOON)) {
        bytes = Math.min(most, bytes + (bytes < calm ? gained : Math.ceil((gained * chunkBytes) / bytes)));
      }
    },
    cut() {
      underWay = [];
      shrink(0.5);
    },
  };
}
