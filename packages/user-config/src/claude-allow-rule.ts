// Adds the rule that lets Claude Code use the room's tools without asking each time to the person's own settings. Everything
// else in the file stays byte for byte; `agora uninstall` removes the rule again.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ParseError } from "jsonc-parser";
import { splitMark } from "@agora/ports/read-text";
import type { Result } from "@agora/protocol";
import { allowsRoom, CLAUDE_ALLOW_RULE, claudeSettingsPath } from "./claude-settings.ts";
import { diskFailure, errorWord } from "./disk-failure.ts";
import type { Env } from "./env.ts";
import { fail, ok } from "./result.ts";

/** Adds the rule; the value is the file's path. A file that can't be parsed as settings is left alone. */
export async function allowRoomInClaude(env: Env): Promise<Result<string, "bad-file" | "disk">> {
  const path = claudeSettingsPath(env);
  try {
    const after = await withRule(textAt(path));
    if (after === undefined)
      return fail("bad-file", `${path} can't be read as settings: put "${CLAUDE_ALLOW_RULE}" in yourself.`);
    // A hook loads this package at every prompt and never comes here.
    const { replaceFile } = await import("@agora/ports/replace-file");
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    replaceFile(path, after);
    return ok(path);
  } catch (error) {
    return diskFailure(path, error);
  }
}

function textAt(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorWord(error) === "ENOENT") return "";
    throw error;
  }
}

/** The text with the rule; undefined when the text isn't settings, or wouldn't contain the rule afterwards. */
async function withRule(before: string): Promise<string | undefined> {
  const { applyEdits, findNodeAtLocation, modify, parse, parseTree } = await import("jsonc-parser");
  const [mark, text] = splitMark(before.trim() === "" ? "{}\n" : before);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (root?.type !== "object" || errors.length > 0) return undefined;
  const holder = findNodeAtLocation(root, ["permissions"]);
  const list = findNodeAtLocation(root, ["permissions", "allow"]);
  if ((holder !== undefined && holder.type !== "object") || (list !== undefined && list.type !== "array"))
    return undefined;
  // Formatting shifts the surrounding text, so it is used only where a list has to be created.
  const made = { insertSpaces: true, tabSize: 2, eol: text.includes("\r\n") ? "\r\n" : "\n" };
  const edits =
    list === undefined
      ? modify(text, ["permissions", "allow"], [CLAUDE_ALLOW_RULE], { formattingOptions: made })
      : modify(text, ["permissions", "allow", 0], CLAUDE_ALLOW_RULE, { isArrayInsertion: true });
  const after = applyEdits(text, edits);
  const settings = parse(after, [], { allowTrailingComma: true }) as Readonly<Record<string, unknown>>;
  return allowsRoom([{ path: "", managed: false, settings }]) ? mark + after : undefined;
}
