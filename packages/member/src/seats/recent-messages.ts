// What was said lately, ready to be shown: the last events of the room in memory, so that no prompt waits for the disk.
import type { Head } from "@agora/protocol";
import { isDisowned } from "../keys/disown.ts";
import { eventOf, type HistoryRecord, isRestamp } from "../kernel/record.ts";
import { isTalk } from "../kernel/state.ts";
import type { Store } from "../kernel/store.ts";

/** One event of others to the whole room, and its place in what seats' cursors count. */
export interface Said {
  readonly ordinal: number;
  readonly record: HistoryRecord;
  readonly head: Head;
}

export interface RecentMessages {
  /** What was said above `ordinal`, oldest first, as far as it is remembered. */
  above(ordinal: number): readonly Said[];
  add(record: HistoryRecord, head: Head, ordinal: number): void;
}

/** Events remembered, and lines read back for them when the daemon starts. */
const MAX_SAID = 300;
/** A text may have a megabyte: beyond so much the oldest is forgotten, and counted as left out. */
const MAX_SAID_CHARS = 8 * 1024 * 1024;
const MAX_READ_BACK = 2_000;

/** Remembers the latest talk; begins with what the history holds. */
export function createRecentMessages(store: Pick<Store, "state" | "history" | "isNew">, me: string): RecentMessages {
  let said: Said[] = [];
  let chars = 0;
  let read = 0;
  let ordinal = store.state.ordinal;
  for (const { value } of store.history.back()) {
    if ((read += 1) > MAX_READ_BACK || said.length >= MAX_SAID || chars >= MAX_SAID_CHARS) break;
    if (isRestamp(value)) continue;
    const head = eventOf(value)?.head;
    if (head === undefined || !isTalk(head, me, value) || !store.isNew(value.stamp, head.channel)) continue;
    said.push({ ordinal, record: value, head });
    chars += charsOf(value);
    ordinal -= 1;
  }
  said.reverse();
  return {
    above: (from) => said.filter((s) => s.ordinal > from && !isDisowned(store, s.record)),
    add(record, head, at) {
      said.push({ ordinal: at, record, head });
      chars += charsOf(record);
      if (said.length <= MAX_SAID * 2 && chars <= MAX_SAID_CHARS) return;
      said = said.slice(-MAX_SAID);
      chars = said.reduce((sum, one) => sum + charsOf(one.record), 0);
      while (chars > MAX_SAID_CHARS && said.length > 1) chars -= charsOf(said.shift()!.record);
    },
  };
}

function charsOf({ head, text, body }: HistoryRecord): number {
  return head.length + text.length + (body?.length ?? 0);
}
