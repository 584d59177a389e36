// What is known of one's own event: where it stands in the history, whom it is for, and how far it is for each.
import type { Delivery } from "@agora/ipc";
import { audienceOf, type Head, type OpenEvent, readHead } from "@agora/protocol";
import type { OwnEvent } from "../delivery.ts";
import { hasSeq, markOf } from "../marks.ts";
import { eventOf, isRestamp } from "../record.ts";
import type { Store } from "../store.ts";

/** The delivery states of an event of our own, as surfaces show them. */
export function deliveriesOf(event: OwnEvent): readonly Delivery[] {
  return Object.entries(event.recipients).map(([member, r]) => ({
    member,
    state: event.state === "rejected" ? "rejected" : r.state,
    at: r.at,
    ...(r.reason === undefined ? {} : { reason: r.reason }),
    ...(r.seat === undefined ? {} : { seat: r.seat }),
  }));
}

/** The key a recipient was addressed by: a directed event goes to no other one, and no other speaks of it. */
export function addressedKey(store: Store, event: OwnEvent, name: string): string | undefined {
  return headOf(store, event)?.to.find((a) => a.member === name)?.key;
}

/** The head of an event of our own, from the history once it is there. */
export function headOf(store: Store, event: OwnEvent): Head | undefined {
  return wholeOf(store, event)?.head;
}

/** An event of our own with its body, from the history once it is there; undefined when neither journal has it any more. */
export function wholeOf(store: Store, { position, sealed }: OwnEvent): OpenEvent | undefined {
  const record = position === undefined ? undefined : store.at(position);
  if (record !== undefined) return eventOf(record);
  const head = sealed === undefined ? undefined : readHead(sealed.head);
  return head?.ok === true ? { head: head.value, body: sealed!.body, signed: sealed! } : undefined;
}

/** Where an event of our own stands in the history already: the daemon died between keeping it and noting its stamp. */
export function keptBefore(
  store: Store,
  head: Head,
): { readonly position: number; readonly stamp: string } | undefined {
  if (!hasSeq(store.state.marks[markOf(head.key, audienceOf(head))], head.seq)) return undefined;
  for (const entries of store.history.holding([`"id":"${head.id}`]))
    for (const { position, value } of entries)
      if (!isRestamp(value) && value.id === head.id) return { position, stamp: value.stamp };
  return undefined;
}
