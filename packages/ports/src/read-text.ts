// Text as people's editors save it. Some write a byte order mark, some Windows programs write UTF-16. All files written by
// people are read here, so that their first line counts and no parser stumbles over an invisible mark.
import { readFileSync } from "node:fs";

/**
 * The whole text of a file (path or descriptor), without its byte order mark; UTF-8 unless a mark says UTF-16. Throws as
 * `readFileSync` does.
 */
export function readText(file: string | number): string {
  return textOf(readFileSync(file));
}

/** The text of these bytes, without their byte order mark. */
export function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes); // which strips the mark
}

/** Splits a text that was read as UTF-8 elsewhere into its mark and what a parser may see. */
export function splitMark(text: string): readonly [mark: string, rest: string] {
  return text.startsWith(MARK) ? [MARK, text.slice(MARK.length)] : ["", text];
}

const MARK = "\uFEFF";
