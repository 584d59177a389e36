// Moments as people type them, with a clock of the test.
import { expect, test } from "vitest";
import { parseTime, readTime } from "./read-time.ts";

const NOW = new Date(2026, 10, 30, 14, 5, 9).getTime();
const local = (...at: [number, number, number, number?, number?]): number =>
  new Date(at[0], at[1], at[2], at[3] ?? 0, at[4] ?? 0).getTime();

test.each([
  ["2h", NOW - 7_200_000],
  ["90m", NOW - 5_400_000],
  ["3d", NOW - 3 * 86_400_000],
  ["now", NOW],
  ["today", local(2026, 10, 30)],
  ["Yesterday", local(2026, 10, 29)],
  ["03:28", local(2026, 10, 30, 3, 28)],
  ["9:05", local(2026, 10, 30, 9, 5)],
  ["2026-11-01", local(2026, 10, 1)],
  ["2026-11-01 08:30", local(2026, 10, 1, 8, 30)],
  ["2026-11-01T08:30", local(2026, 10, 1, 8, 30)],
  ["2026-11-01T08:30:00Z", Date.UTC(2026, 10, 1, 8, 30)],
  ["2026-11-01T08:30:00.250+02:00", Date.UTC(2026, 10, 1, 6, 30, 0, 250)],
])("%s is a time", (word, time) => expect(parseTime(word, NOW)).toBe(time));

test.each(["", "soon", "25:00", "2026-13-01", "2026-11-01T", "7h2kq0v9", "-2h", "2026", "1e9"])(
  "%j is none",
  (word) => {
    expect(parseTime(word, NOW)).toBeUndefined();
    expect(readTime("since", word, NOW)).toMatchObject({ ok: false, code: "usage" });
  },
);
