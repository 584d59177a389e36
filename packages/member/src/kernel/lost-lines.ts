// What a power cut leaves behind. Each journal is synced by itself: a line of the history may be gone while a record of the outbox or
// the inbox that rests on it stayed. Such a record counts no more: our own event waits as before and is posted again, another's comes
// again, for nobody was told that it is stored. The journal itself says so, before another line comes to stand in that place.
import type { Journal } from "@agora/ports";
import { NOWHERE } from "./delivery.ts";

/** Notes in a journal that the history ended at `from` then: what was written before and rests on a line from there on counts no more. */
export interface LostRecord {
  readonly op: "lost";
  readonly from: number;
}

/**
 * The records of a journal from `since` on that still count, oldest first, given where the history ends and what each rests on.
 * Notes in the journal, and syncs the note, when some rest on lines that are not there; one that can't be written tells `trouble`.
 */
export function recordsWithLines<T extends { readonly op: string }>(
  journal: Journal<T | LostRecord>,
  since: number,
  historyEnd: number,
  { restsOn, trouble }: { restsOn: (record: T) => number | undefined; trouble: (reason: unknown) => void },
): readonly T[] {
  const all = [...journal.from(since)].map(({ value }) => value);
  const records: T[] = [];
  let end = historyEnd;
  let isLineLost = false;
  for (const record of all.toReversed()) {
    if (isLost(record)) {
      end = Math.min(end, record.from);
      continue;
    }
    const position = restsOn(record) ?? NOWHERE;
    if (position < end) records.push(record);
    else isLineLost ||= position >= historyEnd;
  }
  if (isLineLost) note(journal, { op: "lost", from: historyEnd }, trouble);
  return records.toReversed();
}

function note<T>(journal: Journal<T | LostRecord>, record: LostRecord, trouble: (reason: unknown) => void): void {
  const noted = journal.append(record);
  if (!noted.ok) return trouble(noted.reason);
  try {
    journal.syncNow();
  } catch (error) {
    trouble(error);
  }
}

function isLost(record: { readonly op: string }): record is LostRecord {
  return record.op === "lost";
}
