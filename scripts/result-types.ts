// The types of what `--json` prints, taken from the sources as they stand there with their comments.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { VOCABULARY } from "../packages/commands/src/index.ts";

const TYPE_FILES = ["packages/ipc/src/line.ts", "packages/ipc/src/file-state.ts", "packages/ipc/src/requests/*.ts"];
const COMMAND_FILES = ["packages/commands/src/*/*.ts"];

const read = (root: string, patterns: readonly string[]): readonly string[] =>
  patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root }).toSorted())
    .map((path) => readFileSync(join(root, path), "utf8"));

/** Declarations of types at the beginning of a line, with the comment above; the formatter keeps them so. */
const DECLARED =
  /^(?:\/\*\*(?:(?!\*\/)[^])*\*\/\n)?(?:export )?(?:interface (\w+)[^\n]*\{(?:\}|\n[^]*?\n\})|type (\w+) =[^]*?;)$/gm;

/** Every type that a result may reach, as source text. */
export function typesIn(root: string): readonly string[] {
  const own = read(root, COMMAND_FILES).flatMap((source) =>
    [...source.matchAll(DECLARED)].filter(([, name]) => name?.endsWith("Result") === true).map(([text]) => text),
  );
  const shared = read(root, TYPE_FILES).flatMap((source) => [...source.matchAll(DECLARED)].map(([text]) => text));
  return [...shared, ...own].map((text) => text.replaceAll(/^export /gm, ""));
}

/** A row of a command, on one line or closed at the beginning of a line. */
const ROW = /^export const (\w+) = (?:defineCommand|control)\(([^\n]*\);|[^]*?\n\}\);)$/gm;

/** The type that each command prints, by the command's name. */
export function resultTypes(root: string): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const source of read(root, COMMAND_FILES)) {
    const types = new Map(
      source
        .split(/^(?:async )?function /m)
        .slice(1)
        .flatMap(answerOf),
    );
    for (const [, row = "", body = ""] of source.matchAll(ROW)) {
      const type = types.get(/run: (run\w+)/.exec(body)?.[1] ?? "run");
      if (type !== undefined) found.set(row === "stopAll" ? "stop-all" : row, named(type));
    }
  }
  const names = Object.keys(VOCABULARY).filter((name) => found.has(name));
  return Object.fromEntries(names.map((name) => [name, found.get(name)!]));
}

/** The name of a function and what it promises, when that is an answer. */
function answerOf(text: string): [name: string, type: string][] {
  const [, name = "", type] = /^(\w+)\([^]*?\): Promise<Answer<([^\n]+)>> \{$/m.exec(text.split("\n}")[0] ?? "") ?? [];
  return type === undefined ? [] : [[name, type]];
}

/** `Results["say"]` as the name of its type. */
function named(type: string): string {
  return type.replaceAll(
    /Results\["(\w)(\w*)"\]/g,
    (_, first: string, rest: string) => `${first.toUpperCase()}${rest}Result`,
  );
}
