// A line of the room as programs read it over HTTP: plain fields, addresses as text. The message is its author's, unchanged.
import type { Line } from "@agora/ipc";
import { formatAddress, type Head } from "@agora/protocol";
import { eventOf, type HistoryRecord, offerOf } from "@agora/member";

/** A line as programs read it; the text is its author's, unchanged. */
export interface WireLine {
  /**
   * The position after this line: pass it as `after` to get what follows, or to acknowledge. Lines fetched by number have
   * none.
   */
  readonly cursor?: string;
  readonly id: string;
  readonly thread: string;
  readonly from: string;
  readonly seat?: string;
  readonly role: "user" | "agent";
  readonly kind: string;
  /** `@name`, `@name/seat`, `@name/person`; empty: the whole room. */
  readonly to: readonly string[];
  /** The channel it was said in. */
  readonly channel?: string;
  readonly text: string;
  /** The author's clock, unix milliseconds. */
  readonly time: number;
  /** The relay's; missing while the line isn't stamped yet. */
  readonly stamp?: string;
  readonly hop: number;
  readonly about?: { readonly how: string; readonly id: string };
  readonly file?: { readonly name: string; readonly size: number; readonly sha256: string };
  readonly mine: boolean;
}

/** A line in the mailbox: it addresses this member and hasn't been answered. */
export interface WireItem extends WireLine {
  /** Our own message that it answers. */
  readonly answers?: string;
  /** A brake holds it (hop limit, an operator's pause): it is there to be known, not to be acted on. */
  readonly held?: string;
}

/** A shown line with the head that determines chain and hop count. */
export interface Shown {
  readonly line: WireLine;
  /** Its position in the history. */
  readonly position: number;
  readonly head: Head;
}

/** A stored event as programs read it, with the cursor after it; undefined if it isn't a line (a void) or was damaged. */
export function toWire(record: HistoryRecord, cursor: string, me: string): Omit<Shown, "position"> | undefined {
  if (record.kind === "void") return undefined;
  const event = eventOf(record);
  if (event === undefined) return undefined;
  const { head } = event;
  const offer = offerOf(event);
  const line: WireLine = {
    cursor,
    id: record.id,
    thread: record.thread,
    from: record.author,
    ...(record.seat === undefined ? {} : { seat: record.seat }),
    role: record.role,
    kind: record.kind,
    to: record.to,
    ...(record.channel === undefined ? {} : { channel: record.channel }),
    text: record.text,
    time: head.time,
    stamp: record.stamp,
    hop: head.hop,
    ...(head.about === undefined ? {} : { about: head.about }),
    ...(offer === undefined ? {} : { file: { name: offer.name, size: offer.size, sha256: offer.sha256 } }),
    mine: record.author === me,
  };
  return { line, head };
}

/** The same for a line returned by a request. */
export function wireLineOf(line: Line): WireLine {
  const { file } = line;
  return {
    id: line.id,
    thread: line.thread,
    from: line.author,
    ...(line.seat === undefined ? {} : { seat: line.seat }),
    role: line.role,
    kind: line.kind,
    to: line.to.map(formatAddress),
    ...(line.channel === undefined ? {} : { channel: line.channel }),
    text: line.text,
    time: line.time,
    ...(line.stamp === undefined ? {} : { stamp: line.stamp }),
    hop: line.hop,
    ...(line.about === undefined ? {} : { about: line.about }),
    ...(file === undefined ? {} : { file: { name: file.name, size: file.size, sha256: file.sha256 } }),
    mine: line.mine,
  };
}

/** `@name/person` is for a human's eyes: a model doesn't get it. */
export function isForPersonAlone(to: readonly string[], me: string): boolean {
  const mine = to.filter((address) => address === `@${me}` || address.startsWith(`@${me}/`));
  return mine.length > 0 && mine.every((address) => address === `@${me}/person`);
}
