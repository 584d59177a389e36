import { harmless, safeJson } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { seenBytes } from "./seen-bytes.ts";

test("every character there is shows as in JSON that is safe to look at", () => {
  let all = "";
  for (let point = 0; point <= 0x10_ffff; point += 1)
    if (point < 0xd800 || point > 0xdfff) all += String.fromCodePoint(point);
  const line = `${JSON.stringify({ text: all })}\n`;
  expect(seenBytes(Buffer.from(line)).toString("utf8") === `${safeJson({ text: all })}\n`).toBe(true);
});

test("lines read as the same values, and nothing in them acts or hides", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const lines = texts.map((text) => `${JSON.stringify({ text })}\n`).join("");
      const seen = seenBytes(Buffer.from(lines)).toString("utf8");
      expect(harmless(seen)).toBe(seen);
      const read = (text: string): unknown[] =>
        text
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line) as unknown);
      expect(read(seen)).toEqual(read(lines));
    }),
  );
});
