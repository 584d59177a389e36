// A line of the room as programs read it over HTTP: plain fields, addresses as text. The message is its author's, unchanged.
import type { Line, PlacedLine } from "@agora/ipc";
import { formatAddress } from "@agora/protocol";
import type { Cursors } from "./cursor.ts";

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

/** A stored line as programs read it, with the cursor after it. */
export function toWire({ position, line, offer }: PlacedLine, cursors: Cursors): WireLine {
  return { cursor: cursors.write(position + 1), ...wireLineOf(line), ...(offer === undefined ? {} : { file: offer }) };
}

/** The same for a line returned without its position. */
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
