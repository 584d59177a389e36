// What a person may write into settings.json: JSON with comments, checked key by key; each mistake is reported with its
// line.
import { join } from "node:path";
import type { ParseError } from "jsonc-parser";
import type { Result } from "@agora/protocol";
import { checkFolder, type Home, type HomeCode } from "./directory.ts";
import { readPrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";
import {
  type Check,
  renamedNote,
  renamedSetting,
  SETTING_ROWS,
  type SettingsFile,
  settingsThat,
  type Share,
} from "./settings-table.ts";

export type { SettingsFile, Share } from "./settings-table.ts";

const bool: Check = (value) => (typeof value === "boolean" ? undefined : "true or false");

/** The keys of the file; those of `share` are below. */
const KEYS = Object.fromEntries(
  settingsThat(({ onlyEnv }) => onlyEnv !== true).map((name) => [name, SETTING_ROWS[name].check]),
);
const SHARE_KEYS: Readonly<Record<keyof Share, Check>> = {
  host: bool,
  dir: bool,
  branch: bool,
  client: bool,
  tool: bool,
};

/** Where the person's settings are. */
export function settingsPath(home: Home): string {
  return join(home.path, "settings.json");
}

/** The person's settings; empty when there is no file. `told` hears of what the person should change there. */
export async function readSettings(
  home: Home,
  told?: (note: string) => void,
): Promise<Result<SettingsFile, HomeCode | "bad-settings">> {
  const there = checkFolder(home.path);
  if (!there.ok) return there;
  if (!there.value) return ok({});
  return readSettingsFile(settingsPath(home), KEYS, told);
}

/** Reads one settings file against a table of keys; `told` hears of keys that have another name now. */
export async function readSettingsFile(
  path: string,
  keys: Readonly<Record<string, Check>>,
  told: (note: string) => void = () => undefined,
): Promise<Result<Record<string, never>, HomeCode | "bad-settings">> {
  const content = readPrivate(path, false);
  if (!content.ok) return content;
  if (content.value === undefined) return ok({});
  const source = content.value;
  const { getNodeValue, parseTree, printParseErrorCode } = await import("jsonc-parser");
  const at = (offset: number): string => `${path}, line ${source.slice(0, offset).split("\n").length}`;
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { allowTrailingComma: true, disallowComments: false });
  const error = errors[0];
  if (error !== undefined) {
    const word = printParseErrorCode(error.error)
      .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase();
    return fail("bad-settings", `${at(error.offset)}: this is not valid JSON (${word}).`);
  }
  if (tree === undefined) return ok({}); // nothing but comments
  if (tree.type !== "object") return fail("bad-settings", `${at(0)}: settings are an object, { "relayUrl": … }.`);

  const check = async (
    node: typeof tree,
    table: Readonly<Record<string, Check>>,
    prefix: string,
  ): Promise<string | undefined> => {
    const seen = new Set<string>();
    for (const property of node.children ?? []) {
      const [keyNode, valueNode] = property.children ?? [];
      if (keyNode === undefined || valueNode === undefined) continue;
      const written = String(keyNode.value);
      const now = prefix === "" ? renamedSetting(written) : undefined;
      const key = now ?? written;
      if (now !== undefined) told(renamedNote(`"${written}" in ${path}`, `"${now}"`));
      const full = `"${prefix}${key}"`;
      const wanted = Object.hasOwn(table, key) ? table[key] : undefined;
      if (wanted === undefined)
        return `${at(keyNode.offset)}: ${full} is not a setting${await hint(key, Object.keys(table))}`;
      if (seen.has(key)) return `${at(keyNode.offset)}: ${full} stands there twice.`;
      seen.add(key);
      const must = wanted(getNodeValue(valueNode));
      if (must !== undefined) return `${at(valueNode.offset)}: ${full} must be ${must}.`;
      if (key === "share") {
        const inner = await check(valueNode, SHARE_KEYS, "share.");
        if (inner !== undefined) return inner;
      }
    }
    return undefined;
  };
  const wrong = await check(tree, keys, "");
  if (wrong !== undefined) return fail("bad-settings", wrong);
  const found = Object.entries(getNodeValue(tree) as Record<string, never>);
  return ok(Object.fromEntries(found.map(([key, value]) => [renamedSetting(key) ?? key, value])));
}

/** The rest of the sentence about an unknown key: the one probably meant, or all there are. */
async function hint(key: string, keys: readonly string[]): Promise<string> {
  const { closest, distance } = await import("fastest-levenshtein");
  const byLower = new Map(keys.map((k) => [k.toLowerCase(), k]));
  const near = closest(key.toLowerCase(), [...byLower.keys()]);
  const close = distance(key.toLowerCase(), near) <= Math.max(2, near.length / 3);
  return close ? `; did you mean "${byLower.get(near)}"?` : `; there are ${keys.join(", ")}.`;
}
