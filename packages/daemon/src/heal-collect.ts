// Finding in the history what a peer lacks and may have. Reads from the end and in slices, so that nobody waits for it.
import { audienceOf, compareStamps } from "@agora/protocol";
import {
  type HistoryLine,
  type HistoryRecord,
  isRestamp,
  markOf,
  type Ranges,
  readHeadOf,
  subtract,
} from "@agora/room";
import { mayHave, type Party } from "./heal-marks.ts";

/** What is looked for. */
export interface Wanted {
  readonly by: Party;
  /** The seqs it lacks, per mark. */
  readonly missing: ReadonlyMap<string, Ranges>;
  /** What has a stamp below this is the past to it, of which it is given only the newest `past`. */
  readonly since: string;
  readonly past: number;
}

/** What was found, oldest first; `more` when there may be more than is given at once. */
export interface Found {
  readonly records: readonly HistoryRecord[];
  readonly more: boolean;
}

/** How much one answer may hold: less than what the relay lets wait for one reader, so that nothing of it is dropped. */
export const MAX_FOUND = 5_000;
export const MAX_FOUND_BYTES = 5 * 1024 * 1024;
/** Lines read for one answer, and between two rests. */
const MAX_READ = 2_000_000;
const SLICE = 1_000;

/** Reads `lines`, newest first, until all is found or it is enough; rests at each `yield`. */
export function* collect(
  lines: Iterable<{ readonly value: HistoryLine }>,
  wanted: Wanted,
): Generator<undefined, Found> {
  const found: HistoryRecord[] = [];
  const left = new Map(wanted.missing);
  const restamps = new Map<string, string>();
  let bytes = 0;
  let read = 0;
  let older = 0;
  let more = false;
  for (const { value } of lines) {
    if (left.size === 0 || read >= MAX_READ) break;
    if (found.length >= MAX_FOUND || bytes >= MAX_FOUND_BYTES) {
      more = true;
      break;
    }
    read += 1;
    if (read % SLICE === 0) yield undefined;
    if (isRestamp(value)) {
      if (!restamps.has(value.restamp)) restamps.set(value.restamp, value.stamp);
      continue;
    }
    const stamp = restamps.get(value.id) ?? value.stamp;
    const isPast = compareStamps(stamp, wanted.since) < 0;
    if (isPast && older >= wanted.past) break;
    const head = readHeadOf(value);
    if (head === undefined) continue;
    if (isPast && head.to.length === 0) older += 1;
    const mark = markOf(head.key, audienceOf(head));
    const ranges = left.get(mark);
    const lacks = ranges?.some(([from, to]) => from <= head.seq && head.seq <= to) ?? false;
    if (ranges === undefined || !lacks || !mayHave(head, wanted.by)) continue;
    found.push(stamp === value.stamp ? value : { ...value, stamp });
    bytes += value.head.length + value.text.length + (value.body?.length ?? 0);
    const rest = subtract(ranges, [[head.seq, head.seq]]);
    if (rest.length === 0) left.delete(mark);
    else left.set(mark, rest);
  }
  return { records: found.reverse(), more };
}
