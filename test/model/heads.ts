// What a member's journal holds, event by event, and whether it counts there.
import { eventOf, isRestamp, type Store } from "@agora/member";
import type { Head } from "@agora/protocol";
import { isDisowned } from "../../packages/member/src/keys/disown.ts";

export interface Kept {
  readonly head: Head;
  readonly stamp: string;
  /** Whether it is shown as said: not withheld, nor of a key that was revoked before. */
  readonly counts: boolean;
}

/** Every event in a journal, each with the stamp that counts. */
export function headsIn(store: Store): readonly Kept[] {
  const kept: Kept[] = [];
  const restamps = new Map<string, string>();
  for (const { value } of store.history.from(0)) {
    if (isRestamp(value)) {
      restamps.set(value.restamp, value.stamp);
      continue;
    }
    const { head } = eventOf(value)!;
    kept.push({ head, stamp: value.stamp, counts: value.withheld === undefined && !isDisowned(store, value) });
  }
  return kept.map((one) => ({ ...one, stamp: restamps.get(one.head.id) ?? one.stamp }));
}
