import { expect, test } from "vitest";
import { namesInText } from "./names-in-text.ts";

const known = new Set(["ben", "cat", "build-bot"]);
const found = (text: string): readonly string[] => namesInText(text, (name) => known.has(name));

test("known names are found wherever they stand, each once", () => {
  expect(found("hey @ben, can you look?")).toEqual(["ben"]);
  expect(found("ask @Ben (or @cat), then @build-bot: @ben!")).toEqual(["ben", "cat", "build-bot"]);
  expect(found("done.\n@cat")).toEqual(["cat"]);
});

test("what is not a name of a member is none", () => {
  expect(found("mail ben@cat.example, use @types/node, @cat/claude-code and @Override")).toEqual([]);
  expect(found("x@ben")).toEqual([]);
});
