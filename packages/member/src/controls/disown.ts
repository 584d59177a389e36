// A control whose key was revoked before it: it holds no more, and the last one of its author that counts holds again.
import { type Control, controlSchema, decidedBy, type OpenEvent, readBody } from "@agora/protocol";
import { eventOf } from "../kernel/record.ts";
import type { Store } from "../kernel/store.ts";
import { searchedBack } from "../kernel/thread-lookup.ts";

/** How much of the history's end is searched for an earlier one, bytes. */
const MAX_SEARCHED = 64 * 1024 * 1024;

/** A control of the same author on the same thing that counts. */
interface Earlier {
  readonly event: OpenEvent;
  readonly control: Control;
  readonly stamp: string | undefined;
}

/** Takes a control back; undefined when it was not the one that held. [KEYCHAIN-4] */
export function disownControl(
  { store, judge }: { readonly store: Store; readonly judge: (event: OpenEvent) => Control | undefined },
  { head: { key, seq }, body }: OpenEvent,
): { readonly earlier: Earlier | undefined } | undefined {
  const disowned = readBody(controlSchema, body);
  const what = disowned === undefined ? undefined : decidedBy(disowned);
  const place = `${what ?? ""} ${key}`;
  if (what === undefined || store.state.controls[place]?.seq !== seq) return undefined;
  if (!store.in({ op: "uncontrol", place }).ok) return undefined;
  for (const { value } of searchedBack(store, [key], MAX_SEARCHED)) {
    const event = value.kind === "control" && value.withheld === undefined ? eventOf(value) : undefined;
    const control = event?.head.key === key ? judge(event) : undefined;
    if (event !== undefined && control !== undefined && decidedBy(control) === what)
      return { earlier: { event, control, stamp: value.late === true ? undefined : value.stamp } };
  }
  return { earlier: undefined };
}
