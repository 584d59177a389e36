// A revocation that comes after events it does not accept: they were kept, and count for nothing from then on, as if they had come
// later. Their lines stay, marked, since the journal is what this member heard.
import { type OpenEvent, isUnderstood } from "@agora/protocol";
import { eventOf, type HistoryRecord } from "../kernel/record.ts";
import type { Store } from "../kernel/store.ts";
import { searchedBack } from "../kernel/thread-lookup.ts";

/** How much of the history's end is searched for a revoked key's events, bytes: some 90 ms. */
const MAX_SEARCHED = 64 * 1024 * 1024;

/** An event of a revoked key that was kept before, and its line. */
export interface Disowned {
  readonly event: OpenEvent;
  readonly record: HistoryRecord;
}

/** The events of a key that are kept and are not accepted now, oldest first. */
export function disownedOf(store: Store, key: string, isRefused: (event: OpenEvent) => boolean): readonly Disowned[] {
  const found: Disowned[] = [];
  for (const { value: record } of searchedBack(store, [key], MAX_SEARCHED)) {
    if (record.withheld !== undefined) continue;
    const event = eventOf(record);
    // What it states of keys is signed itself, whoever brought it.
    if (event?.head.key !== key || (event.head.kind === "key" && isUnderstood(event.head))) continue;
    if (isRefused(event)) found.push({ event, record });
  }
  return found.reverse();
}

/** Whether a line is of an event that was disowned after it was kept. */
export function isDisowned(
  { state }: Pick<Store, "state">,
  line: { readonly id: string; readonly at: number },
): boolean {
  return Object.hasOwn(state.disowned, line.id) && state.disowned[line.id] === line.at;
}
