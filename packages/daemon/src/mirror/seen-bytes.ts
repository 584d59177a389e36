// The bytes of journal lines as the mirror shows them: anything that would act in a terminal or hide from the eye is escaped
// in the JSON, which parses to the same value. The journals in the home keep their lines unchanged.
import { escapeUnseen } from "@agora/protocol";

/** Escapes by code point; `undefined`: shown as it is. */
const escapes = new Map<number, Buffer | undefined>();
/** How many code points are cached: more than a language uses. */
const MAX_ESCAPES = 8_192;
const NEWLINE = 0x0a;

/** The same lines of JSON, UTF-8, safe to `cat`; the same buffer if nothing needs escaping. */
export function seenBytes(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!;
    if ((first >= 0x20 && first < 0x7f) || first === NEWLINE) {
      at += 1;
      continue;
    }
    const length = lengthOf(first);
    const escape = escapeOf(codePointAt(bytes, at, length));
    if (escape !== undefined) {
      parts.push(bytes.subarray(from, at), escape);
      from = at + length;
    }
    at += length;
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)]);
}

/** The length in bytes of the character that begins with this byte. */
function lengthOf(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function codePointAt(bytes: Buffer, at: number, length: number): number {
  let point = length === 1 ? bytes[at]! : bytes[at]! & (0xff >> (length + 1));
  for (let i = 1; i < length; i += 1) point = (point << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return point;
}

function escapeOf(point: number): Buffer | undefined {
  if (escapes.has(point)) return escapes.get(point);
  const text = point > 0x10_ffff ? "" : String.fromCodePoint(point);
  const escaped = escapeUnseen(text);
  const escape = escaped === text ? undefined : Buffer.from(escaped);
  if (escapes.size >= MAX_ESCAPES) escapes.clear();
  escapes.set(point, escape);
  return escape;
}
