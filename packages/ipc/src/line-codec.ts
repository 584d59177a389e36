// Lines in a stream of bytes: JSON never contains a raw newline, so a newline ends a message. Nothing is known of JSON here.

const NEWLINE = 0x0a;

/** Cuts a stream into lines, however it was cut before. */
export interface LineDecoder {
  /**
   * The lines that this piece completes, one by one; `undefined`, as the last, once a line is longer than allowed: give
   * the stream up then. Take all of them before the next piece.
   */
  lines(piece: Uint8Array): Iterable<string | undefined>;
  /** From now on, also in the piece just being taken, lines may be this long. */
  allow(maxBytes: number): void;
}

/** Makes a decoder for lines of at most `maxBytes` bytes (without the newline). */
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

/** One message as a line. */
export function encodeLine(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

/** The object in a line; undefined when it is none. */
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
