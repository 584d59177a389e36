// The gate: every requirement stands in PROTOCOL.md and in the manifest, with the same words, and is shown by a test; and no
// comment or test cites one that does not exist.
import { describe, expect, test } from "vitest";
import { PENDING } from "./pending.ts";
import { citedIds, documentedRequirements, verifiedIds } from "./requirement-text.ts";
import { REQUIREMENTS } from "./requirements.ts";
import { filesUnder, packageFolders, textOf } from "./workspace-files.ts";

const THIS_FILE = "test/coverage.test.ts";
const isTest = (name: string): boolean => name.endsWith(".test.ts");
const isCode = (name: string): boolean => name.endsWith(".ts") && !isTest(name);

const folders = [...packageFolders(), "test"];
const tests = folders.flatMap((folder) => filesUnder(folder, isTest)).filter((path) => path !== THIS_FILE);
const code = packageFolders().flatMap((folder) => filesUnder(folder, isCode));
const known = new Set<string>(Object.keys(REQUIREMENTS));
const shown = new Set(tests.flatMap((path) => verifiedIds(textOf(path))));

/** Where each cited id that is no requirement stands. */
function strangers(paths: readonly string[], read: (text: string) => string[]): string[] {
  return paths.flatMap((path) =>
    read(textOf(path))
      .filter((id) => !known.has(id))
      .map((id) => `${path}: ${id}`),
  );
}

describe("the requirements", () => {
  test("are the same in PROTOCOL.md and in the manifest, word by word", () => {
    expect(Object.entries(REQUIREMENTS)).toEqual(documentedRequirements());
  });

  test("have each an id of its own", () => {
    const ids = documentedRequirements().map(([id]) => id);
    expect(ids).toHaveLength(new Set(ids).size);
  });

  test("are marked in PROTOCOL.md in the one form that is read here", () => {
    const document = textOf("PROTOCOL.md");
    expect(document.match(/^\s*[-*].*\[[A-Z]+-\d+\]/gm)).toHaveLength(documentedRequirements().length);
    const references = [...document.matchAll(/\b([A-Z]{2,}-\d{1,2})\b/g)].map((m) => m[1]!);
    const foreign = new Set(["UTF-8", "SHA-256"]);
    expect(references.filter((id) => !known.has(id) && !foreign.has(id))).toEqual([]);
  });

  test("are all that comments in code cite", () => {
    expect(strangers(code, citedIds)).toEqual([]);
  });

  test("are all that tests cite", () => {
    expect(strangers(tests, verifiedIds)).toEqual([]);
  });

  test("are each shown by a test, but for those listed as pending", () => {
    expect([...known].filter((id) => !shown.has(id) && !(id in PENDING))).toEqual([]);
  });

  test("leave the list of pending ones as soon as a test shows them", () => {
    expect(Object.keys(PENDING).filter((id) => shown.has(id) || !known.has(id))).toEqual([]);
  });
});
