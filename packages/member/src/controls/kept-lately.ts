// The end of the history, for what is remembered of its events in another journal: each is synced by itself, so that a power cut
// may leave an event and take what followed from it. [DELIVER-5]
import type { OpenEvent } from "@agora/protocol";
import { eventOf, type HistoryRecord, isRestamp } from "../kernel/record.ts";
import type { Store } from "../kernel/store.ts";

/** Lines that are looked through. */
const MAX_LINES = 500;

/** An event as it was kept. */
export interface KeptLately {
  readonly event: OpenEvent;
  readonly record: HistoryRecord;
}

/** The events of some kinds in the last lines of the history that were not withheld, oldest first. */
export function keptLately(store: Pick<Store, "history">, kinds: readonly string[]): readonly KeptLately[] {
  const found: KeptLately[] = [];
  let read = 0;
  for (const { value: record } of store.history.back()) {
    if ((read += 1) > MAX_LINES) break;
    if (isRestamp(record) || record.withheld !== undefined || !kinds.includes(record.kind)) continue;
    const event = eventOf(record);
    if (event !== undefined) found.push({ event, record });
  }
  return found.reverse();
}
