import { expect, test } from "vitest";
import { type FileRecord, type Files, foldFile } from "./fold.ts";

const record = (author: string, state: FileRecord["file"]["state"]): FileRecord => ({
  author,
  thread: "t",
  at: 1,
  file: { name: "f", size: 1, sha256: "0".repeat(64), state },
});

test("offers of invented names make nobody forget an own file, and one author's many not another's", () => {
  const files: Files = {};
  foldFile(files, "own", record("alice", "sent"));
  foldFile(files, "bobs", record("bob", "offered"));
  for (let n = 0; n < 2_000; n += 1) foldFile(files, `m${n}`, record("mallory", "offered"));
  expect(files).toHaveProperty("bobs");
  for (let n = 0; n < 2_000; n += 1) foldFile(files, `n${n}`, record(`n${n}`, n % 2 === 0 ? "offered" : "stored"));
  expect(files).toHaveProperty("own");
  expect(Object.keys(files).length).toBeLessThanOrEqual(2_000);
});
