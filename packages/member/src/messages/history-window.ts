// Which stretch of the history is asked for, and from which end it is read.
import { seekRecord } from "@agora/ports/journal-seek";
import type { RequestArgs } from "@agora/ipc/messages";
import { ok, type Result } from "@agora/protocol";
import { findEvent } from "../kernel/find-event.ts";
import type { Store } from "../kernel/store.ts";

/** Positions of the journal, from `start` to before `end`. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** `back`: the newest lines first; `on`: the oldest first; `around`: from `at` to both sides. */
  readonly reads: "back" | "on" | "around";
  /** For `around`: where the line in the middle stands. */
  readonly at: number;
}

type Asked = Pick<RequestArgs<"history">, "around" | "after" | "before" | "since" | "until">;

/**
 * The window of a request. An event that is named has to be kept here; a time means when something came here, as this
 * machine's clock had it, for a journal is in that order.
 */
export function* windowOf(
  { history }: Pick<Store, "history">,
  { around, after, before, since, until }: Asked,
): Generator<void, Result<Window, "unknown-message" | "ambiguous">> {
  const places: { around?: number; after?: number; before?: number } = {};
  for (const [how, id] of Object.entries({ around, after, before })) {
    if (id === undefined) continue;
    const found = yield* findEvent({ history }, id);
    if (!found.ok) return found;
    places[how as "around"] = found.value.position;
  }
  const from = since === undefined ? 0 : seekRecord(history, ({ at }) => at < since);
  const to = until === undefined ? history.end : seekRecord(history, ({ at }) => at < until);
  const start = Math.max(from, places.after === undefined ? 0 : places.after + 1);
  const end = Math.min(to, places.before ?? history.end);
  const isOn = (after !== undefined || since !== undefined) && before === undefined && until === undefined;
  const reads = places.around === undefined ? (isOn ? "on" : "back") : "around";
  return ok({ start, end, reads, at: Math.min(Math.max(places.around ?? start, start), end) });
}
