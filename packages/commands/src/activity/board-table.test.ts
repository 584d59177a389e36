import type { SeatActivity } from "@agora/ipc";
import * as fc from "fast-check";
import measure from "fast-string-truncated-width";
import { expect, test } from "vitest";
import { PLAIN } from "../show.ts";
import { boardLines } from "./board-table.ts";

const NOW = 1_800_000_000_000;
const none = { m5: 0, m15: 0, h1: 0, d1: 0 };
const row = (more: Partial<SeatActivity>): SeatActivity => ({
  ...{ member: "bob", seat: "claude", you: false, online: true, state: "idle", queued: 0 },
  ...{ messages: none, turns: none },
  ...more,
});
const looping = row({
  member: "carol",
  state: "working",
  status: "sorting the schema out",
  branch: "main",
  turns: { m5: 7, m15: 9, h1: 40, d1: 40 },
  chain: { chain: "c", turns: 9, limit: 12, stopped: false },
  loop: "@bob and @carol answer each other",
  waitsFor: ["dora"],
  queued: 2,
  lastSign: NOW - 40_000,
});
const widthOf = (line: string): number => measure(line).width;

test("no line is wider than the screen, whatever names and texts hold; wide characters count twice", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 60 });
  const rows = fc.array(
    fc.record({ member: text, status: text, branch: text, loop: fc.option(text, { nil: undefined }) }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(rows, fc.integer({ min: 20, max: 200 }), (some, columns) => {
      const lines = boardLines(
        some.map(({ loop, ...more }) => row({ ...more, ...(loop === undefined ? {} : { loop }) })),
        columns,
        NOW,
        PLAIN,
      );
      for (const line of lines) {
        expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      }
      expect(lines).toHaveLength(1 + some.length + some.filter(({ loop }) => loop !== undefined).length);
    }),
  );
});

test("40, 80 and 200 columns: what matters most stays, and the columns stand one below the other", () => {
  const rows = [looping, row({ member: "日本語の人", status: "数える" }), row({ member: "dora" })];
  const [narrow, usual, wide] = [40, 80, 200].map((columns) => boardLines(rows, columns, NOW, PLAIN));
  expect(narrow![0]).toMatch(/^SEAT +STATE +5M +1H +CHAIN$/);
  expect(narrow![1]).toMatch(/^carol\/claude +working +7 +40 +9\/12$/);
  expect(narrow![2]).toBe("  loop: @bob and @carol answer each other".slice(0, 39) + "…");
  expect(usual![0]).toContain("WAITS FOR");
  expect(wide![0]).toMatch(/SEAT.*STATE.*5M.*1H.*CHAIN.*QUEUED.*SIGN.*WAITS FOR.*BRANCH.*DOING/);
  expect(wide![1]).toContain("sorting the schema out");
  expect(wide![1]).toContain("@dora");
  const at = (line: string, words: string): number => widthOf(line.slice(0, line.indexOf(words)));
  expect(at(wide![3]!, "数える")).toBe(at(wide![0]!, "DOING"));
});

test("a loop is red, its row and which it is; nothing else is", () => {
  const bad = (text: string): string => `<${text}>`;
  const lines = boardLines([looping, row({})], 80, NOW, { ...PLAIN, bad });
  expect(lines.map((line) => line.startsWith("<"))).toEqual([false, true, true, false]);
});
