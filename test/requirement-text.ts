// Reads requirement ids out of text: the sentences of PROTOCOL.md and its extensions, the citations in code and in tests.
import { filesUnder, textOf } from "./workspace-files.ts";

/** The core of the protocol; each file below `protocol/` adds to it. */
export const CORE = "PROTOCOL.md";

const SENTENCE = /^- \*\*\[([A-Z]+-\d+)\]\*\* (.+)$/gm;
const CITATION = /\[([A-Z]+-\d+)\]/g;
const VERIFIES = /\bverifies\(\s*\[([^\]]*)\]/g;
const QUOTED = /"([A-Z]+-\d+)"/g;

/** The pages of the protocol, from the root: the core, then its extensions by name. */
export function protocolPages(): string[] {
  return [CORE, ...filesUnder("protocol", (name) => name.endsWith(".md"))];
}

/** Id and sentence of every requirement of one page, in its order. */
export function requirementsOf(page: string): (readonly [id: string, sentence: string])[] {
  return [...textOf(page).matchAll(SENTENCE)].map((m) => [m[1]!, m[2]!] as const);
}

/** Id and sentence of every requirement of the protocol, page after page. */
export function documentedRequirements(): (readonly [id: string, sentence: string])[] {
  return protocolPages().flatMap(requirementsOf);
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
