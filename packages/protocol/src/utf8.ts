// Sizes on the wire are bytes of UTF-8, while JavaScript strings count UTF-16 units.

const encoder = new TextEncoder();

/** The length of `text` in UTF-8 bytes. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** Whether `text` is longer than `maxBytes` bytes of UTF-8; encodes it only when its length leaves that open. */
export function isLongerThan(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && byteLength(text) > maxBytes);
}
