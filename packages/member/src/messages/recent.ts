// What was said lately, ready to be shown: the last events of the room in memory, so that no prompt waits for the disk.
import type { FileState, Line, LineControl } from "@agora/ipc";
import { type Address, type Head, type OpenEvent } from "@agora/protocol";
import { controlOf, eventOf, type HistoryRecord, isRestamp, offerOf, textOf } from "../kernel/record.ts";
import { isNew, isTalk } from "../kernel/state.ts";
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
export function createRecentMessages(store: Pick<Store, "state" | "history">, me: string): RecentMessages {
  let said: Said[] = [];
  let chars = 0;
  let read = 0;
  let ordinal = store.state.ordinal;
  for (const { value } of store.history.back()) {
    if ((read += 1) > MAX_READ_BACK || said.length >= MAX_SAID || chars >= MAX_SAID_CHARS) break;
    if (isRestamp(value)) continue;
    const head = eventOf(value)?.head;
    if (head === undefined || !isTalk(head, me, value) || !isNew(store.state, value.stamp, head.channel)) continue;
    said.push({ ordinal, record: value, head });
    chars += charsOf(value);
    ordinal -= 1;
  }
  said.reverse();
  return {
    above: (from) => said.filter((s) => s.ordinal > from),
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

/** An event as surfaces show it. */
export function toLine(
  event: Pick<OpenEvent, "head" | "body">,
  at: number,
  me: string,
  stamp?: string,
  file?: FileState,
  withheld?: string,
): Line {
  const { head } = event;
  return {
    id: head.id,
    thread: head.thread,
    author: head.author,
    ...(head.seat === undefined ? {} : { seat: head.seat }),
    role: head.role,
    kind: head.kind,
    to: head.to.map(shown),
    ...(head.channel === undefined ? {} : { channel: head.channel }),
    text: textOf(event),
    time: head.time,
    at,
    ...(stamp === undefined ? {} : { stamp }),
    hop: head.hop,
    ...(withheld === undefined ? decided(event) : { withheld }),
    ...(head.about === undefined ? {} : { about: head.about }),
    ...(file === undefined ? {} : { file }),
    mine: head.author === me,
  };
}

/** What an operator's word decides, beside its text; a control that is not withheld was judged before it was kept. */
function decided(event: Pick<OpenEvent, "head" | "body">): { readonly control?: LineControl } {
  const control = controlOf(event);
  if (control === undefined) return {};
  const { act, member, seat, reason, rate } = control;
  return {
    control: {
      act,
      ...(member === undefined ? {} : { member }),
      ...(seat === undefined ? {} : { seat }),
      ...(reason === undefined ? {} : { reason }),
      ...(rate === undefined ? {} : { rate }),
    },
  };
}

function shown(address: Address): Address {
  const { key: _, ...rest } = address;
  return rest;
}

/** A kept event as surfaces show it; undefined when its line was damaged. */
export function recordToLine(
  record: HistoryRecord,
  me: string,
  fileOf: (id: string) => FileState | undefined,
): Line | undefined {
  const event = eventOf(record);
  if (event === undefined) return undefined;
  const file = offerOf(event) === undefined ? undefined : fileOf(record.id);
  return toLine(event, record.at, me, record.stamp, file, record.withheld);
}
