// The sentence of a close frame, cut to the space there.

/** The space for a reason in a close frame, bytes. */
const MAX_REASON_BYTES = 123;

/** As much of a sentence as a close frame holds, with a mark where it was cut. */
export function closeReason(text: string): string {
  if (Buffer.byteLength(text) <= MAX_REASON_BYTES) return text;
  const mark = "…";
  const bytes = Buffer.from(text).subarray(0, MAX_REASON_BYTES - Buffer.byteLength(mark));
  return bytes.toString("utf8").replace(/\uFFFD*$/, "") + mark;
}
