// Finding in the history what a peer lacks and may have. Reads from the end and in slices, so that nobody waits for it.
import { audienceOf, compareStamps, type Head } from "@agora/protocol";
import { markOf, type Ranges, subtract } from "../kernel/marks.ts";
import { type HistoryLine, type HistoryRecord, isRestamp, keptHead } from "../kernel/record.ts";
import { createRestamps } from "../kernel/restamps.ts";
import { mayHave, type Party } from "./marks.ts";

/** What is looked for. */
export interface Wanted {
  readonly by: Party;
  /** The seqs it lacks, per mark. */
  readonly missing: ReadonlyMap<string, Ranges>;
  /** What has a stamp below this is the past to it, of which it is given only the newest `past`. */
  readonly since: string;
  readonly past: number;
  /** The same by channel, where it came later than to the room. */
  readonly channels?: Readonly<Record<string, string>>;
  /** What it has to know of its channels, whatever the age. [CHANNEL-5] */
  readonly deciding?: readonly HistoryRecord[];
  /** What everybody has to know, whatever the age: given before all else. [HEAL-8] */
  readonly first?: readonly HistoryRecord[];
}

/** What was found, what endures first, then oldest first; `more` when there may be more than is given at once. */
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
  const first: HistoryRecord[] = [];
  const left = new Map(wanted.missing);
  const restamps = createRestamps();
  let bytes = 0;
  let read = 0;
  let more = false;
  const older = new Map<string | undefined, number>();
  const isEnough = (channel: string | undefined): boolean => (older.get(channel) ?? 0) >= wanted.past;
  const channels = new Set([...left.keys()].flatMap((mark) => channelOf(mark) ?? []));
  const take = (record: HistoryRecord, head: Head, into = found): void => {
    const mark = markOf(head.key, audienceOf(head));
    const ranges = left.get(mark);
    const lacks = ranges?.some(([from, to]) => from <= head.seq && head.seq <= to) ?? false;
    if (ranges === undefined || !lacks || !mayHave(head, wanted.by)) return;
    into.push(record);
    bytes += record.head.length + record.text.length + (record.body?.length ?? 0);
    const rest = subtract(ranges, [[head.seq, head.seq]]);
    if (rest.length === 0) left.delete(mark);
    else left.set(mark, rest);
  };
  for (const record of wanted.first ?? []) {
    const head = keptHead(record);
    if (head !== undefined) take(record, head, first);
  }
  for (const record of wanted.deciding ?? []) {
    const head = keptHead(record);
    if (head !== undefined) take(record, head);
  }
  for (const { value } of lines) {
    if (left.size === 0 || read >= MAX_READ) break;
    if (found.length >= MAX_FOUND || bytes >= MAX_FOUND_BYTES) {
      more = true;
      break;
    }
    read += 1;
    if (read % SLICE === 0) yield undefined;
    if (isRestamp(value)) {
      restamps.note(value);
      continue;
    }
    const stamp = restamps.of(value)?.stamp ?? value.stamp;
    const { channel } = value;
    const isPast = compareStamps(stamp, sinceOf(wanted, channel)) < 0;
    if (isPast && isEnough(channel)) {
      if (channel !== undefined) channels.delete(channel);
      if (isEnough(undefined) && channels.size === 0) break;
      continue;
    }
    const head = keptHead(value);
    if (head === undefined) continue;
    if (isPast && (head.to.length === 0 || channel !== undefined)) older.set(channel, (older.get(channel) ?? 0) + 1);
    take(stamp === value.stamp ? value : { ...value, stamp }, head);
  }
  return { records: [...first, ...found.reverse()], more };
}

function sinceOf({ since, channels = {} }: Wanted, channel: string | undefined): string {
  return channel !== undefined && Object.hasOwn(channels, channel) ? channels[channel]! : since;
}

function channelOf(mark: string): string | undefined {
  const audience = mark.slice(mark.indexOf("|") + 1);
  return audience.startsWith("#") ? audience.slice(1) : undefined;
}
