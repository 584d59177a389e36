// A stamp is an event's position in its room: `<unix ms>-<n>`, like a Redis stream id. Stamps give order; they don't prove
// time.

const STAMP = /^(0|[1-9]\d{0,14})-(0|[1-9]\d{0,14})$/;
/** The largest second number of a stamp. */
export const MAX_STAMP_N = 999_999_999_999_999;

/** The stamp below all others. */
export const FIRST_STAMP = "0-0";

/** Whether `text` is a stamp. [STAMP-1] */
export function isStamp(text: string): boolean {
  return STAMP.test(text);
}

/** The two numbers of a stamp; zeros when it isn't one. */
export function stampParts(stamp: string): readonly [ms: number, n: number] {
  const parts = STAMP.exec(stamp);
  return parts === null ? [0, 0] : [Number(parts[1]), Number(parts[2])];
}

/** Negative when `a` comes first, positive when `b` does, 0 when they are equal. */
export function compareStamps(a: string, b: string): number {
  const [aMs, aN] = stampParts(a);
  const [bMs, bN] = stampParts(b);
  return aMs - bMs || aN - bN;
}

/** The next stamp at time `nowMs` after `last`: it always rises, even if the clock falls back or `n` overflows. [STAMP-2] */
export function nextStamp(last: string, nowMs: number): string {
  const [ms, n] = stampParts(last);
  if (nowMs > ms) return `${nowMs}-0`;
  return n < MAX_STAMP_N ? `${ms}-${n + 1}` : `${ms + 1}-0`;
}
