// The last events of a key that this member has, by audience: what a revocation names.
import { audienceOf, type Last, MAX_LAST, type Verifier } from "@agora/protocol";
import { eventOf } from "../kernel/record.ts";
import type { Store } from "../kernel/store.ts";
import { searchedBack } from "../kernel/thread-lookup.ts";
import { placeOf } from "./refusal.ts";

/** How much of the history's end is searched, bytes. */
const MAX_SEARCHED = 64 * 1024 * 1024;

/** The last event in each audience, the room's first; of more audiences than a revocation names those heard of last. */
export function lastEventsOf(store: Store, key: string, verifier: Pick<Verifier, "sha256">): readonly Last[] {
  const last = new Map<string, Last>();
  for (const { value } of searchedBack(store, [key], MAX_SEARCHED)) {
    const event = value.withheld === undefined ? eventOf(value) : undefined;
    if (event?.head.key !== key) continue;
    const audience = audienceOf(event.head);
    const known = last.get(audience);
    if (known === undefined && last.size >= MAX_LAST && audience !== "*") continue;
    if (known === undefined || known.seq < event.head.seq)
      last.set(audience, placeOf(event.head, event.signed.head, verifier));
  }
  return [...last.values()].sort((a, b) => Number(b.audience === "*") - Number(a.audience === "*"));
}
