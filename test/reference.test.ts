// The reference says what the program does: it is written from the rows, and compared with them here.
import { expect, test } from "vitest";
import { REFERENCE_FOLDER, referenceFiles } from "../scripts/reference-files.ts";
import { resultTypes, typesIn } from "../scripts/result-types.ts";
import { REQUESTS } from "../packages/ipc/src/requests/index.ts";
import { VOCABULARY } from "../packages/commands/src/vocabulary.ts";
import { filesUnder, ROOT, textOf } from "./workspace-files.ts";

test("the pages are what the rows give; `node scripts/reference.ts` writes them", () => {
  const files = referenceFiles();
  expect(filesUnder(REFERENCE_FOLDER, () => true).sort()).toEqual([...files.keys()].sort());
  for (const [path, text] of files) expect({ path, text: textOf(path) }).toEqual({ path, text });
});

test("every command says what it prints with --json, and every type that it names is there", () => {
  const results = resultTypes(ROOT);
  expect(Object.keys(results).sort()).toEqual(Object.keys(VOCABULARY).sort());
  const declared = new Set(typesIn(ROOT).map((text) => /(?:interface|type) (\w+)/.exec(text)?.[1]));
  for (const type of Object.values(results)) expect(declared).toContain(/^\w+/.exec(type)?.[0]);
  for (const name of Object.keys(REQUESTS))
    expect(declared).toContain(`${name[0]!.toUpperCase()}${name.slice(1)}Result`);
});
