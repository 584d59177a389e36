// A stamp is the place an event got in its room: `<unix ms>-<n>`, as a Redis stream id. Stamps order, they do not prove time.

const STAMP = /^(\d{1,15})-(\d{1,15})$/;

/** The stamp below every other one. */
export const FIRST_STAMP = "0-0";

/** Whether `text` is a stamp. [STAMP-1] */
export function isStamp(text: string): boolean {
  return STAMP.test(text);
}

/** The two numbers of a stamp; of something that is not one, zeros. */
export function stampParts(stamp: string): readonly [ms: number, n: number] {
  const dash = stamp.indexOf("-");
  const ms = Number(stamp.slice(0, dash));
  const n = Number(stamp.slice(dash + 1));
  return Number.isSafeInteger(ms) && Number.isSafeInteger(n) && dash > 0 ? [ms, n] : [0, 0];
}

/** Negative when `a` comes first, positive when `b` does, 0 when they are the same place. */
export function compareStamps(a: string, b: string): number {
  const [aMs, aN] = stampParts(a);
  const [bMs, bN] = stampParts(b);
  return aMs - bMs || aN - bN;
}

/** The next stamp at time `nowMs` after `last`: rising even when the clock falls back. [STAMP-2] */
export function nextStamp(last: string, nowMs: number): string {
  const [ms, n] = stampParts(last);
  return nowMs > ms ? `${nowMs}-0` : `${ms}-${n + 1}`;
}
