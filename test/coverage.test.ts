// The gate: every requirement stands in the protocol's pages and in the manifest, with the same words, and is shown by a test; and no
// comment or test cites one that does not exist.
import { describe, expect, test } from "vitest";
import { PENDING } from "./pending.ts";
import {
  citedIds,
  CORE,
  documentedRequirements,
  protocolPages,
  requirementsOf,
  verifiedIds,
} from "./requirement-text.ts";
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
  test("are the same in the protocol's pages and in the manifest, word by word", () => {
    expect(REQUIREMENTS).toEqual(Object.fromEntries(documentedRequirements()));
  });

  test("have each an id of its own", () => {
    const ids = documentedRequirements().map(([id]) => id);
    expect(ids).toHaveLength(new Set(ids).size);
  });

  test("are marked in the one form that is read here, and every reference names one", () => {
    const text = protocolPages().map(textOf).join("\n");
    expect(text.match(/^\s*[-*].*\[[A-Z]+-\d+\]/gm)).toHaveLength(documentedRequirements().length);
    const references = [...text.matchAll(/\b([A-Z]{2,}-\d{1,2})\b/g)].map((m) => m[1]!);
    const foreign = new Set(["UTF-8", "SHA-256", "BIP-39"]);
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

describe("the protocol's pages", () => {
  const extensions = protocolPages().filter((page) => page !== CORE);
  const families = (page: string): string[] => [
    ...new Set(requirementsOf(page).map(([id]) => id.replace(/-\d+$/, ""))),
  ];

  test("have a core of at most 25 kB", () => {
    expect(Buffer.byteLength(textOf(CORE))).toBeLessThanOrEqual(25_000);
  });

  test("are listed in the core, each with its families of rules", () => {
    const listed = [...textOf(CORE).matchAll(/^\| \[\S+\]\((protocol\/\S+\.md)\) \|.*\| (.*) \|$/gm)];
    const rows = listed.map((row) => [row[1]!, [...row[2]!.matchAll(/`([A-Z]+)`/g)].map((m) => m[1]!)] as const);
    const withRules = extensions.filter((page) => families(page).length > 0);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(withRules.map((page) => [page, families(page)])));
    expect(extensions.filter((page) => !textOf(CORE).includes(`](${page})`))).toEqual([]);
  });

  test("hold each family of rules in one place", () => {
    const all = protocolPages().flatMap(families);
    expect(all).toHaveLength(new Set(all).size);
  });
});
