// A revocation that comes after events it does not accept: they were kept, and count for nothing from then on, as if they had come
// later. Their lines stay, marked, since the journal is what this member heard.
import type { Clock } from "@agora/ports";
import { type OpenEvent, isUnderstood } from "@agora/protocol";
import { eventOf, type HistoryRecord } from "../kernel/record.ts";
import type { Store } from "../kernel/store.ts";
import { searchedBack } from "../kernel/thread-lookup.ts";

/** How much of the history's end is searched for a revoked key's events, bytes: some 90 ms. */
const MAX_SEARCHED = 64 * 1024 * 1024;

/** So many searches are made at once; further ones wait for each other so long. */
const SEARCHES_AT_ONCE = 8;
const REST_MS = 1_000;

/** An event of a revoked key that was kept before, and its line. */
export interface Disowned {
  readonly event: OpenEvent;
  readonly record: HistoryRecord;
  readonly position: number;
}

/** The events of some keys that are kept and are not accepted now, oldest first. */
export function disownedOf(
  store: Store,
  keys: ReadonlySet<string>,
  isRefused: (event: OpenEvent) => boolean,
): readonly Disowned[] {
  return keptOf(store, keys).filter(({ event }) => isRefused(event));
}

/**
 * Those that were disowned and are accepted now, oldest first: up to where a key counts between some members is told to these alone, and
 * may come after what is told to all.
 */
export function ownedAgainOf(
  store: Store,
  keys: ReadonlySet<string>,
  isRefused: (event: OpenEvent) => boolean,
): readonly Disowned[] {
  return keptOf(store, keys).filter(({ event, record }) => isDisowned(store, record) && !isRefused(event));
}

/** The events of some keys that are kept, oldest first. */
function keptOf(store: Store, keys: ReadonlySet<string>): readonly Disowned[] {
  const found: Disowned[] = [];
  for (const { position, value: record } of searchedBack(store, [...keys], MAX_SEARCHED)) {
    if (record.withheld !== undefined) continue;
    const event = eventOf(record);
    // What it states of keys is signed itself, whoever brought it.
    if (event === undefined || !keys.has(event.head.key) || (event.head.kind === "key" && isUnderstood(event.head)))
      continue;
    found.push({ event, record, position });
  }
  return found.reverse();
}

/**
 * Has each revoked key's events looked for: at once, but where many are revoked one after another, those of a second in one search.
 * Anybody may revoke keys of their own, and a search takes the daemon's whole time.
 */
export function createSearches(
  clock: Clock,
  search: (keys: ReadonlyMap<string, string>) => void,
): (key: string, words: string) => void {
  let left = SEARCHES_AT_ONCE;
  let waiting = new Map<string, string>();
  const rest = (): void => {
    clock.after(REST_MS, () => {
      left += 1;
      if (waiting.size > 0) {
        const keys = waiting;
        waiting = new Map();
        left -= 1;
        search(keys);
      }
      if (left < SEARCHES_AT_ONCE) rest();
    });
  };
  return (key, words) => {
    if (left === 0) return void waiting.set(key, words);
    if (left === SEARCHES_AT_ONCE) rest();
    left -= 1;
    search(new Map([[key, words]]));
  };
}

/** Whether a line is of an event that was disowned after it was kept. */
export function isDisowned(
  { state }: Pick<Store, "state">,
  line: { readonly id: string; readonly at: number },
): boolean {
  return Object.hasOwn(state.disowned, line.id) && state.disowned[line.id] === line.at;
}
