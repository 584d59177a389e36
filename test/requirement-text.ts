// Reads requirement ids out of text: the sentences of PROTOCOL.md, the citations in code and in tests.
import { textOf } from "./workspace-files.ts";

const SENTENCE = /^- \*\*\[([A-Z]+-\d+)\]\*\* (.+)$/gm;
const CITATION = /\[([A-Z]+-\d+)\]/g;
const VERIFIES = /\bverifies\(\s*\[([^\]]*)\]/g;
const QUOTED = /"([A-Z]+-\d+)"/g;

/** Id and sentence of every requirement of PROTOCOL.md, in its order. */
export function documentedRequirements(): (readonly [id: string, sentence: string])[] {
  return [...textOf("PROTOCOL.md").matchAll(SENTENCE)].map((m) => [m[1]!, m[2]!] as const);
}

/** The ids written as `[HELLO-2]` in a text. */
export function citedIds(text: string): string[] {
  return [...text.matchAll(CITATION)].map((m) => m[1]!);
}

/** The ids that a test file shows: by `verifies([…])` or in a title. */
export function verifiedIds(text: string): string[] {
  const calls = [...text.matchAll(VERIFIES)].flatMap((m) => [...m[1]!.matchAll(QUOTED)].map((q) => q[1]!));
  return [...calls, ...citedIds(text)];
}
