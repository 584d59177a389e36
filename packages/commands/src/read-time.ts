// Parses a moment as people type it: a date, a time of today, or how long ago.
import { fail, ok, type Result } from "@agora/protocol";
import { readSpan } from "./read-value.ts";

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/i;
const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/**
 * Unix milliseconds of `2026-11-30`, `2026-11-30 14:05`, `2026-11-30T14:05Z`, `14:05` (of today), `today`, `yesterday`, `90m`,
 * `2h`, `3d` (so long ago); undefined when it is none of these. What has no zone means this machine's.
 */
export function parseTime(word: string, now: number): number | undefined {
  const lower = word.trim().toLowerCase();
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (lower === "now") return now;
  if (lower === "today") return midnight;
  if (lower === "yesterday") return new Date(midnight - DAY_MS / 2).setHours(0, 0, 0, 0);
  const span = readSpan(lower);
  if (span.ok && span.value !== undefined) return now - span.value * 1_000;
  const [, hour, minute] = TIME.exec(lower) ?? [];
  if (hour !== undefined) return new Date(midnight).setHours(Number(hour), Number(minute));
  // Without a time JavaScript takes a date for one in UTC.
  const text = DATE.test(lower) ? `${lower}T00:00` : DATE_TIME.test(lower) ? lower.replace(" ", "T").toUpperCase() : "";
  const time = text === "" ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The same for an option; undefined when it isn't given. */
export function readTime(option: string, word: string | undefined, now: number): Result<number | undefined, "usage"> {
  if (word === undefined) return ok(undefined);
  const time = parseTime(word, now);
  return time === undefined
    ? fail("usage", `--${option} takes a time: 2h, 3d, 14:05, yesterday, 2026-11-30 or 2026-11-30T14:05.`)
    : ok(time);
}
