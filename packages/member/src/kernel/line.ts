// An event as surfaces show it.
import type { FileState, Line, LineControl } from "@agora/ipc";
import type { Address, OpenEvent } from "@agora/protocol";
import { controlOf, eventOf, type HistoryRecord, offerOf, textOf } from "./record.ts";

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
  const { key: _, root: __, ...rest } = address;
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
