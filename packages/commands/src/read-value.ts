// Parses the values of words and options: numbers in range, durations, existing modes.
import { fail, ok, type Result } from "@agora/protocol";

export type Mode = "manual" | "auto";

/** The longest wait of any command, seconds. */
export const MAX_WAIT_S = 86_400;

/** For a command without words. */
export function noWords(): Result<object, "usage"> {
  return ok({});
}

/** Whether a text was omitted, or contains only spaces. */
export function isBlank(text: string | undefined): text is undefined {
  return text === undefined || text.trim() === "";
}

/** `manual` or `auto`; undefined if omitted. */
export function readMode(word: string | undefined): Result<Mode | undefined, "usage"> {
  if (word === undefined || word === "manual" || word === "auto") return ok(word);
  return fail("usage", `The mode is manual or auto, not "${word.slice(0, 20)}".`);
}

/** A whole number from `min` to `max`; `option` in capitals is a word, otherwise an option. */
export function readNumber<T extends number | undefined>(
  option: string,
  word: string | undefined,
  otherwise: T,
  min: number,
  max: number,
): Result<number | T, "usage"> {
  if (word === undefined) return ok(otherwise);
  const number = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN;
  if (number >= min && number <= max) return ok(number);
  const what = option === option.toUpperCase() ? option : `--${option}`;
  return fail("usage", `${what} takes a whole number from ${min} to ${max}.`);
}

const UNIT_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90s`, `10m`, `2h`, `1d` in seconds. */
export function readSpan(word: string | undefined, option = "timeout"): Result<number | undefined, "usage"> {
  if (word === undefined) return ok(undefined);
  const match = /^([1-9]\d{0,5})([smhd])$/.exec(word);
  return match === null
    ? fail("usage", `--${option} takes a span such as 90s, 10m, 2h or 1d.`)
    : ok(Number(match[1]) * UNIT_S[match[2]!]!);
}
