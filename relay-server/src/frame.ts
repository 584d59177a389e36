// A WebSocket frame from relay to client: unmasked, never fragmented, built once however many sockets it goes to.
import type { StampedEvent } from "./ports/event-log.ts";

const FIN_TEXT = 0x81;
const FIN_BINARY = 0x82;
const SMALL = 126;
const MEDIUM = 65_536;

function startFrame(first: number, length: number): { frame: Buffer; at: number } {
  if (length < SMALL) {
    const frame = Buffer.allocUnsafe(2 + length);
    frame[0] = first;
    frame[1] = length;
    return { frame, at: 2 };
  }
  if (length < MEDIUM) {
    const frame = Buffer.allocUnsafe(4 + length);
    frame[0] = first;
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
    return { frame, at: 4 };
  }
  const frame = Buffer.allocUnsafe(10 + length);
  frame[0] = first;
  frame[1] = 127;
  frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
  frame.writeUInt32BE(length % 2 ** 32, 6);
  return { frame, at: 10 };
}

/** Builds the frame of a text message. */
export function textFrame(text: string): Buffer {
  const { frame, at } = startFrame(FIN_TEXT, Buffer.byteLength(text));
  frame.write(text, at);
  return frame;
}

/** Builds the frame of a binary message. */
export function binaryFrame(bytes: Uint8Array): Buffer {
  const { frame, at } = startFrame(FIN_BINARY, bytes.length);
  frame.set(bytes, at);
  return frame;
}

/** The text of an `event` frame; names and stamps need no quoting, and the event is already JSON. */
export function eventText(room: string, { stamp, event }: StampedEvent, late: boolean, by?: string): string {
  const mark = (late ? ',"late":true' : "") + (by === undefined ? "" : `,"by":"${by}"`);
  return `{"type":"event","room":"${room}","stamp":"${stamp}","event":${event.text}${mark}}`;
}
