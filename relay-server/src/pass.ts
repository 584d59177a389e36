// What goes from one member to one other and is never stored: receipts, steps of file transfers, and chunks. The relay adds
// who it is from.
import { type Chunk, encode, encodeChunk, type FileStep, type FromClient, type FromRelay } from "@agora/protocol";
import { busyFor } from "./brakes.ts";
import type { RelayContext } from "./context.ts";
import { binaryFrame, textFrame } from "./frame.ts";
import type { Member } from "./member.ts";
import { type Outcome, whenAnswered } from "./ports/answer.ts";
import type { Handed } from "./ports/bus.ts";

/** How long a sender should wait when too many chunks are queued for its reader, milliseconds. */
const CHUNK_RETRY_MS = 500;

type SendHeal = Extract<FromClient, { type: "heal" }>;
type SendReceipts = Extract<FromClient, { type: "receipts" }>;

/** Passes receipts to an author. [RECEIPT-3] */
export function passReceipts(relay: RelayContext, by: Member, { to, key: device, items }: SendReceipts): void {
  const { name, key, room } = by;
  passTo(relay, by, { to, device }, { type: "receipts", room: room.name, from: name, key, items });
}

/** Passes a step of a file transfer to the other side. [FILE-1] */
export function passFileStep(relay: RelayContext, by: Member, frame: FileStep): void {
  const { to, key: device, step, id, offset, code, reason } = frame;
  passTo(
    relay,
    by,
    { to, device, id },
    {
      type: "file",
      room: by.room.name,
      from: by.name,
      key: by.key,
      step,
      id,
      ...(offset === undefined ? {} : { offset }),
      ...(code === undefined ? {} : { code }),
      ...(reason === undefined ? {} : { reason }),
    },
  );
}

/**
 * Passes what one member has to another for comparison; dropped when the other is slow or away. One device answers: the one that is
 * named, or else the one that is here longest. [HEAL-1] [HEAL-4] [DEVICE-6]
 */
export function passHeal(relay: RelayContext, by: Member, { to, key, ...frame }: SendHeal): void {
  const device = key ?? by.room.members.of(to)[0]?.key;
  const letter = { frame: textFrame(encode({ ...frame, from: by.name, key: by.key })), isBulk: true, device };
  whenAnswered(relay.ports.bus.to(by.room.name, to, letter), relay.clock, (handed) => {
    if (handed.ok && handed.value === "taken") relay.counts.framesOut.add("heal");
  });
}

/** Passes a chunk to the member that wants it, behind everything else that reader is sent. [FILE-3] [FILE-5] */
export function passChunk(relay: RelayContext, by: Member, { header, bytes }: Chunk): void {
  const { room, to, key: device, id, offset } = header;
  if (to === undefined) return by.connection.refuse("bad-frame", 'A chunk says to whom in "to".', { room, id });
  if (by.entitlement.role === "observer") {
    return by.connection.refuse("forbidden", "An observer sees the room and does not send files.", { room, id, to });
  }
  const limit = relay.config.limits.fileBytes;
  if (offset + bytes.length > limit) {
    return by.connection.refuse("too-big", `A file may have ${limit} bytes here.`, { room, id, to }); // [FILE-6]
  }
  const letter = { frame: binaryFrame(encodeChunk({ room, from: by.name, id, offset }, bytes)), isBulk: true, device };
  whenAnswered(relay.ports.bus.to(room, to, letter), relay.clock, (handed) => {
    if (!notHanded(by, to, id, handed)) return relay.counts.framesOut.add("chunk");
    if (!handed.ok || handed.value !== "full") return;
    const message = `"${to}" has too many chunks before this one: send it again in a moment.`;
    by.connection.refuse("rate", message, { room, id, to, retryAfterMs: CHUNK_RETRY_MS });
  });
}

/** Who something is for, and what it is about. */
interface Passing {
  readonly to: string;
  /** The one device of them; without it, all. */
  readonly device: string | undefined;
  readonly id?: string;
}

function passTo(relay: RelayContext, by: Member, { to, device, id }: Passing, frame: FromRelay): void {
  const letter = { frame: textFrame(encode(frame)), isBulk: false, device };
  whenAnswered(relay.ports.bus.to(by.room.name, to, letter), relay.clock, (handed) => {
    if (!notHanded(by, to, id, handed)) relay.counts.framesOut.add(frame.type);
  });
}

/** Whether something didn't reach its reader; unless the reader's queue is full, the sender is told. */
function notHanded(by: Member, to: string, id: string | undefined, handed: Outcome<Handed>): boolean {
  if (handed.ok && handed.value !== "nobody") return handed.value !== "taken";
  const at = { room: by.room.name, id, to };
  if (handed.ok) by.connection.refuse("no-such-member", `"${to}" is not in the room.`, at);
  else {
    const { code, sentence, retryAfterMs } = busyFor(by.room.line.retryMs);
    by.connection.refuse(code, sentence, { ...at, retryAfterMs });
  }
  return true;
}
