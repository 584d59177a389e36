// Tables of a TOML file by their position in its text: additions go at the end, removals leave every other byte where it
// was. The parser gives positions and rejects what TOML forbids; it writes nothing itself.
import { type AST, getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import { fail, ok } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import type { EditCode } from "./client.ts";

/** A table of the file, with the keys that lead to it: `["hooks", "Stop", 0]`. */
export interface Table {
  readonly keys: readonly (string | number)[];
  readonly start: number;
  readonly end: number;
}

export interface TomlFile {
  readonly text: string;
  readonly tables: readonly Table[];
  /** The whole file as a value. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** Parses a file; what isn't TOML is refused. */
export function readToml(text: string): Result<TomlFile, EditCode> {
  try {
    const program = parseTOML(text, { tomlVersion: "1.0" });
    const isTable = (node: AST.TOMLTopLevelTable["body"][number]): node is AST.TOMLTable => node.type === "TOMLTable";
    const tables = program.body[0].body
      .filter(isTable)
      .map(({ resolvedKey, range }) => ({ keys: resolvedKey, start: range[0], end: range[1] }));
    return ok({ text, tables, value: getStaticTOMLValue(program) });
  } catch (error) {
    const line = error instanceof Error && "lineNumber" in error ? ` (line ${String(error.lineNumber)})` : "";
    const what = error instanceof Error ? error.message : "not TOML";
    return fail("unreadable", `The file can't be read as TOML${line}: ${what}. It was left alone.`);
  }
}

/** The file with `block` at its end, after an empty line. */
export function appendBlock(text: string, block: string): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const written = block.replaceAll("\n", eol);
  if (text === "") return written;
  return `${text}${text.endsWith("\n") ? "" : eol}${eol}${written}`;
}

/**
 * The file without these tables, without the comment lines right above them that `ours` recognizes, and without one empty
 * line before.
 */
export function removeTables({ text }: TomlFile, tables: readonly Table[], ours: (comment: string) => boolean): string {
  let left = text;
  for (const { start, end } of tables.toSorted((a, b) => b.start - a.start)) {
    let from = lineStart(left, start);
    for (let above = lineAbove(left, from); above !== undefined && ours(above.line); above = lineAbove(left, from)) {
      from = above.start;
    }
    const empty = lineAbove(left, from);
    if (empty !== undefined && empty.line.trim() === "") from = empty.start;
    const newline = left.indexOf("\n", end);
    left = left.slice(0, from) + (newline < 0 ? "" : left.slice(newline + 1));
  }
  return left;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

function lineAbove(text: string, start: number): { readonly line: string; readonly start: number } | undefined {
  if (start === 0) return undefined;
  const above = lineStart(text, start - 1);
  return { line: text.slice(above, start).trimEnd(), start: above };
}
