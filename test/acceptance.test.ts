// docs/acceptance.md and docs/security.md name tests that exist: a promise whose test was renamed or removed is found here.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, textOf } from "./workspace-files.ts";

/** The rows of a document: a promise, and each test as `file`: title. */
function rows(document: string): {
  readonly promise: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}[] {
  return textOf(document)
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (promise|can't) \|/.test(line))
    .map((line) => {
      const [promise = "", shown = ""] = line.slice(1, -1).split(" | ");
      const tests = shown.split("<br>").map((cell) => {
        const [, file = "", title = ""] = /^`([^`]+)`: (.+)$/.exec(cell.trim()) ?? [];
        return { file, title };
      });
      return { promise: promise.trim(), tests };
    });
}

test("every promise names at least one test, and each is there", () => {
  const all = ["docs/acceptance.md", "docs/security.md"].flatMap(rows);
  expect(all.length).toBeGreaterThan(110);
  const missing = all.flatMap(({ promise, tests }) =>
    tests
      .filter(({ file, title }) => {
        const isThere = file.endsWith(".test.ts") && existsSync(join(ROOT, file));
        return !isThere || title === "" || !textOf(file).includes(title);
      })
      .map(({ file, title }) => `${promise}: ${file}: ${title}`),
  );
  expect(missing).toEqual([]);
});
