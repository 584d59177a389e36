// Acts and the history: which ones were never folded because the daemon died in between, which were kept without their event
// by an earlier version, and the event of one as a newcomer is told of it.
import { type ChannelAct, type OpenEvent, readHead, type SignedEvent } from "@agora/protocol";
import { channelActOf, eventOf, type HistoryRecord, isRestamp, toRecord } from "../kernel/record.ts";
import { createRestamps } from "../kernel/restamps.ts";
import type { Store } from "../kernel/store.ts";
import { type Deciding, decidingOf, isActKnown } from "./decided.ts";
import { type ActHeard, EVERYBODY } from "./acts.ts";

/** Lines of history looked through for acts that were never folded. */
const MAX_RECONCILED = 500;

/** An act's event that is kept beside what it decided, characters: a topic, an operator's grant and a head with room to spare. */
const MAX_SEALED_CHARS = 8 * 1024;

/** The fields of an act as it is folded. */
export function said({
  act,
  text,
  member,
  key,
  role,
}: ChannelAct): Pick<ActHeard, "act" | "text" | "member" | "target" | "role"> {
  if (act === "archive") return { act, target: EVERYBODY, role: "observer" };
  if (act === "reopen") return { act, target: EVERYBODY, role: "member" };
  return {
    act,
    ...(text === undefined ? {} : { text }),
    ...(member === undefined ? {} : { member }),
    ...(key === undefined ? {} : { target: key }),
    ...(role === undefined ? {} : { role }),
  };
}

export function isSmall({ head, sig, body }: SignedEvent): boolean {
  return head.length + sig.length + body.length <= MAX_SEALED_CHARS;
}

/** The event that decided something, with the place it had when it was heard, or that a relay gave it since. */
export function recordOf({ sealed, told, stamp, position }: Deciding, store: Store): HistoryRecord | undefined {
  const head = sealed === undefined ? undefined : readHead(sealed.head);
  if (sealed !== undefined && head?.ok === true)
    return toRecord({ head: head.value, body: sealed.body, signed: sealed }, told ?? stamp, 0, true);
  return position === undefined ? undefined : store.at(position);
}

/** What counts in the channels and was kept by its position alone, with its event, as long as the history has it. */
export function unsealed(store: Store): readonly ActHeard[] {
  const { channelActs: acts } = store.state;
  return Object.keys(acts)
    .flatMap((channel) => decidingOf(acts, channel).map((placed) => ({ ...placed, channel })))
    .filter(({ sealed, position }) => sealed === undefined && position !== undefined)
    .slice(0, MAX_RECONCILED)
    .flatMap(({ channel, stamp, position, operator }): readonly ActHeard[] => {
      const record = store.at(position!);
      const event = record === undefined ? undefined : eventOf(record);
      const act = event === undefined ? undefined : channelActOf(event);
      if (event === undefined || act === undefined || !isSmall(event.signed)) return [];
      const { id, seq, author, key } = event.head;
      const as = operator === true ? { operator } : {};
      return [{ ...{ channel, id, seq, author, key, stamp, sealed: event.signed, ...said(act) }, ...as }];
    });
}

/** An act as it stands in the history. */
interface ActKept {
  readonly event: OpenEvent;
  readonly stamp: string;
  readonly position: number;
  /** A relay told its place. */
  readonly byRelay: boolean;
}

/** The acts at the end of the history that were never folded, newest first. */
export function unfoldedActs(store: Store): readonly ActKept[] {
  const { channelActs: acts } = store.state;
  const lost: ActKept[] = [];
  const restamps = createRestamps();
  let read = 0;
  for (const { position, value } of store.history.back()) {
    if ((read += 1) > MAX_RECONCILED) break;
    if (isRestamp(value)) {
      if (value.authors !== true) restamps.note(value);
      continue;
    }
    if (value.kind !== "channel" || value.channel === undefined) continue;
    const event = eventOf(value);
    const act = event === undefined ? undefined : channelActOf(event)?.act;
    if (event === undefined || act === undefined || act === "join" || act === "leave") continue;
    // What was folded counts as it did when it came, by what was known then.
    if (isActKnown(acts, { ...event.head, channel: value.channel })) continue;
    const restamp = restamps.of(value)?.stamp;
    const byRelay = restamp !== undefined || value.late !== true;
    lost.push({ event, stamp: restamp ?? value.stamp, position, byRelay });
  }
  return lost;
}
