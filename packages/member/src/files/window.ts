// How much of a file may be under way unacknowledged: it grows while acknowledgements come soon, and shrinks when all of a
// round are late (the way is full, and messages would wait behind the chunks) or when the relay refuses.
import { CHUNK_WINDOW } from "@agora/protocol";

/** How much later than the soonest ever the soonest of a round may be: milliseconds, or a part of it on a long way. */
const SOON = { ms: 3, part: 0.25 };
/** Beyond this, chunks queue up somewhere. */
const LATE = { ms: 7, part: 0.6 };
const MIN_CHUNK_BYTES = 16 * 1024;
/** On a way as quick as this, a few chunks always go: there lateness is a busy machine more often than a queue. */
const QUICK_MS = 100;
const QUICK_CHUNKS = 4;
/** The soonest time is forgotten after this: the way may have changed. */
const FORGET_MS = 300_000;

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

/** Creates a window for chunks of at most `chunkBytes`. */
export function createWindow(chunkBytes: number): Window {
  const least = 2 * Math.min(MIN_CHUNK_BYTES, chunkBytes);
  const quick = QUICK_CHUNKS * chunkBytes;
  const most = CHUNK_WINDOW * chunkBytes;
  let bytes = least; // the first round shows the way without a queue
  let isCalm = true; // nothing was late yet: the window doubles in each round, later it grows by two chunks
  let soonest = Number.POSITIVE_INFINITY;
  let soonestLately = Number.POSITIVE_INFINITY;
  let lately = Number.NEGATIVE_INFINITY;
  let soonestOfRound = Number.POSITIVE_INFINITY;
  let roundEnd = 0;
  let sentTo = 0;
  let underWay: { readonly end: number; readonly at: number }[] = [];

  const exceeds = (took: number, { ms, part }: typeof SOON): boolean => took > soonest + Math.max(ms, soonest * part);
  const shrink = (by: number, floor: number): void => {
    bytes = Math.min(bytes, Math.max(floor, Math.floor(bytes * by)));
    isCalm = false;
  };
  const note = (took: number, at: number): void => {
    if (at - lately > FORGET_MS) [soonest, soonestLately, lately] = [soonestLately, Number.POSITIVE_INFINITY, at];
    soonestLately = Math.min(soonestLately, took);
    soonest = Math.min(soonest, took);
    soonestOfRound = Math.min(soonestOfRound, took);
  };
  const endRound = (): void => {
    if (exceeds(soonestOfRound, LATE)) shrink(0.8, soonestOfRound < QUICK_MS ? quick : least);
    else if (!exceeds(soonestOfRound, SOON)) bytes = Math.min(most, isCalm ? bytes * 2 : bytes + chunkBytes);
    soonestOfRound = Number.POSITIVE_INFINITY;
    roundEnd = sentTo;
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
      sentTo = end;
    },
    acked(offset, at) {
      const done = underWay.findLast((one) => one.end <= offset);
      if (done === undefined) return;
      underWay = underWay.filter((one) => one.end > offset);
      note(at - done.at, at);
      if (offset >= roundEnd) endRound();
    },
    cut() {
      underWay = [];
      roundEnd = 0;
      soonestOfRound = Number.POSITIVE_INFINITY;
      shrink(0.5, least);
    },
  };
}
