// Rules in Claude Code's settings that let our tools run without asking. They belong to the person and name nothing but us:
// uninstalling removes them and leaves the rest of the file byte for byte.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { applyEdits, findNodeAtLocation, getNodeValue, modify, parseTree, type ParseError } from "jsonc-parser";
import { fail, ok } from "@agora/user-config";
import { splitMark } from "@agora/ports/read-text";
import { replaceFile } from "@agora/ports/replace-file";
import type { Result } from "@agora/protocol";
import type { World } from "./client.ts";

/** A settings file without our rules; nothing is written yet. */
export interface PlannedRules {
  readonly path: string;
  readonly rules: readonly string[];
  readonly after: string;
}

const RULE = /^mcp__(plugin_agora_room|agora)(__.*)?$/;
const LISTS = ["allow", "ask", "deny"];

/** Each settings file that has rules about our tools: the person's own, and those in projects. */
export function planRules(world: World, projects: readonly string[]): readonly PlannedRules[] {
  const folder = world.env["CLAUDE_CONFIG_DIR"] || join(world.homedir, ".claude");
  const files = [
    join(folder, "settings.json"),
    ...projects.map((project) => join(project, ".claude", "settings.local.json")),
  ];
  return files.flatMap((path) => {
    const text = world.read(path);
    const plan = text === undefined ? undefined : withoutRules(text);
    return plan === undefined || plan.rules.length === 0 ? [] : [{ path, ...plan }];
  });
}

/** Writes it; an empty text removes the file. */
export function writePlan({ path, after }: Pick<PlannedRules, "path" | "after">): Result<undefined> {
  try {
    if (after === "") rmSync(path);
    else replaceFile(path, after);
    return ok(undefined);
  } catch (error) {
    return fail("disk", `${path} could not be written: ${error instanceof Error ? error.message : "unknown reason"}.`);
  }
}

function withoutRules(text: string): Omit<PlannedRules, "path"> | undefined {
  const [mark, rest] = splitMark(text);
  const errors: ParseError[] = [];
  const root = parseTree(rest, errors, { allowTrailingComma: true });
  if (root === undefined || errors.length > 0) return undefined;
  const rules: string[] = [];
  let after = rest;
  for (const list of LISTS) {
    const node = findNodeAtLocation(root, ["permissions", list]);
    const values: unknown = node === undefined ? [] : getNodeValue(node);
    if (!Array.isArray(values)) continue;
    for (let index = values.length - 1; index >= 0; index -= 1) {
      const value: unknown = values[index];
      if (typeof value !== "string" || !RULE.test(value)) continue;
      rules.unshift(value);
      after = applyEdits(after, modify(after, ["permissions", list, index], undefined, {}));
    }
  }
  return { rules, after: mark + after };
}
