// Finding what somebody said by the beginning of its id.
import type { Entry } from "@agora/ports";
import { fail, kindOf, ok, type Result } from "@agora/protocol";
import { type HistoryRecord, isRestamp } from "./record.ts";
import type { Store } from "./store.ts";

const ID_START = /^[0-9a-z]{1,40}$/;

/**
 * The line of the event whose id is `word`, or the only one whose id begins so, in the last `bytes` of the history or in all of
 * it; it pauses after each segment.
 */
export function* findEvent(
  store: Pick<Store, "history">,
  word: string,
  bytes = Infinity,
): Generator<void, Result<Entry<HistoryRecord>, "unknown-message" | "ambiguous">> {
  const start = word.replace(/^#/, "").toLowerCase();
  if (!ID_START.test(start)) return fail("unknown-message", "Which message? Give its id, or the first letters of it.");
  const found = new Map<string, Entry<HistoryRecord>>();
  for (const entries of store.history.holding([`"id":"${start}`], Math.max(0, store.history.end - bytes))) {
    for (const { position, value } of entries) {
      if (isRestamp(value) || !value.id.startsWith(start) || kindOf(value.kind).silent === true) continue;
      if (value.id === start) return ok({ position, value });
      if (!found.has(value.id)) found.set(value.id, { position, value });
      if (found.size > 1) return fail("ambiguous", `"${start}" is the beginning of several ids: give more letters.`);
    }
    yield;
  }
  const [entry] = found.values();
  return entry === undefined
    ? fail("unknown-message", `Nothing that is kept here has an id that begins with "${start}".`)
    : ok(entry);
}
