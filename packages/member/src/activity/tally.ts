// How often something happened lately: counts in steps of a minute, five minutes and an hour, of which only the newest are kept.
// Whatever the order in which things come, the counts are the same.
import type { Counts, Span } from "@agora/ipc";

/** Steps by their number since 1970: messages, and of these the automatic ones. */
type Steps = Record<number, [messages: number, turns: number]>;

/** Counts of the newest steps of each length; plain JSON. */
export interface Tally {
  /** The time of the newest, unix milliseconds. */
  last: number;
  readonly minutes: Steps;
  readonly fives: Steps;
  readonly hours: Steps;
}

const MINUTE_MS = 60_000;
/** The length of a step, and how many are kept: those of the longest span, the step under way, and one ahead of this machine's clock. */
const LENGTHS = {
  minutes: { ms: MINUTE_MS, most: 17 },
  fives: { ms: 5 * MINUTE_MS, most: 14 },
  hours: { ms: 60 * MINUTE_MS, most: 26 },
} as const;
type Length = keyof typeof LENGTHS;
const SPANS: Readonly<Record<Span, readonly [Length, steps: number]>> = {
  m5: ["minutes", 5],
  m15: ["minutes", 15],
  h1: ["fives", 12],
  d1: ["hours", 24],
};

/** Nothing was counted. */
export function emptyTally(): Tally {
  return { last: 0, minutes: {}, fives: {}, hours: {} };
}

/** Counts one message, in place; `at` in unix milliseconds. */
export function count(tally: Tally, at: number, isTurn: boolean): void {
  tally.last = Math.max(tally.last, at);
  for (const length of ["minutes", "fives", "hours"] as const) add(tally[length], length, at, isTurn);
}

function add(steps: Steps, length: Length, at: number, isTurn: boolean): void {
  const { ms, most } = LENGTHS[length];
  const step = Math.floor(at / ms);
  const known = steps[step];
  if (known !== undefined) {
    known[0] += 1;
    if (isTurn) known[1] += 1;
    return;
  }
  steps[step] = [1, isTurn ? 1 : 0];
  const numbers = Object.keys(steps); // numbers stand in their order
  if (numbers.length > most) delete steps[Number(numbers[0])];
}

/** What a tally says at a time, for each span: messages and automatic turns. */
export function countsAt(tally: Tally, now: number): { readonly messages: Counts; readonly turns: Counts } {
  const messages = { m5: 0, m15: 0, h1: 0, d1: 0 };
  const turns = { m5: 0, m15: 0, h1: 0, d1: 0 };
  for (const [span, [length, back]] of Object.entries(SPANS) as [Span, readonly [Length, number]][]) {
    const current = Math.floor(now / LENGTHS[length].ms);
    const steps = tally[length];
    // What is looked for is less than what may stand there.
    for (let step = current - back; step <= current + 1; step += 1) {
      const known = steps[step];
      if (known === undefined) continue;
      messages[span] += known[0];
      turns[span] += known[1];
    }
  }
  return { messages, turns };
}
