// Splits a stream of bytes into lines. JSON never contains a raw newline, so a newline ends a message. This file knows
// nothing about JSON beyond that.

const NEWLINE = 0x0a;

/** Splits a stream into lines, however it was chunked. */
export interface LineDecoder {
  /**
   * The lines completed by this piece, one by one; `undefined`, as the last, once a line is too long: drop the stream then.
   * Consume all of them before passing the next piece.
   */
  lines(piece: Uint8Array): Iterable<string | undefined>;
  /** Changes the maximum line length from now on, including the piece being consumed. */
  allow(maxBytes: number): void;
}

/** Creates a decoder for lines of at most `maxBytes` bytes (without the newline). */
export function createLineDecoder(maxBytes: number): LineDecoder {
  let limit = maxBytes;
  let parts: Uint8Array[] = [];
  let bytes = 0;
  return {
    allow(next) {
      limit = next;
    },
    *lines(piece) {
      let start = 0;
      for (;;) {
        const end = piece.indexOf(NEWLINE, start);
        const part = piece.subarray(start, end === -1 ? piece.length : end);
        bytes += part.length;
        if (bytes > limit) {
          parts = [];
          yield undefined; // `bytes` stays: every later piece is too long as well
          return;
        }
        if (end === -1) {
          if (part.length > 0) parts.push(part);
          return;
        }
        const line = textOf(parts, part);
        parts = [];
        bytes = 0;
        start = end + 1;
        yield line;
      }
    },
  };
}

function textOf(parts: readonly Uint8Array[], last: Uint8Array): string {
  const whole = parts.length === 0 ? last : Buffer.concat([...parts, last]);
  return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength).toString("utf8");
}

/** Encodes one message as a line. */
export function encodeLine(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/** Parses the object in a line; undefined when there is none. */
export function readLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
