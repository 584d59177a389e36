import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readText, splitMark } from "./read-text.ts";

const TEXT = "AGORA_TOKEN=wörd\r\nPORT=0\r\n";

test.each([
  ["no mark", Buffer.from(TEXT)],
  ["a mark", Buffer.from(`\uFEFF${TEXT}`)],
  ["UTF-16", Buffer.from(`\uFEFF${TEXT}`, "utf16le")],
  ["UTF-16, the other order", Buffer.from(`\uFEFF${TEXT}`, "utf16le").swap16()],
])("a file with %s reads the same", (_, bytes) => {
  const folder = mkdtempSync(join(tmpdir(), "agora-text-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "text"), bytes);
  expect(readText(join(folder, "text"))).toBe(TEXT);
});

test("a mark stands apart, once", () => {
  expect([splitMark("\uFEFF\uFEFFx"), splitMark("x"), splitMark("")]).toEqual([
    ["\uFEFF", "\uFEFFx"],
    ["", "x"],
    ["", ""],
  ]);
});
