// The settings.json that a first start leaves behind: commented, filled in as far as known.
import type { Result } from "@agora/protocol";
import { ensureHome, type Home, type HomeCode } from "./directory.ts";
import { createOnce } from "./private-file.ts";
import { ok } from "./result.ts";
import { settingsPath } from "./settings-file.ts";
import { SETTING_ROWS, type SettingsFile, settingsThat } from "./settings-table.ts";

/** What was written, and what a person still has to fill in. */
export interface Example {
  readonly path: string;
  /** False when there already was a settings.json; it is left alone. */
  readonly written: boolean;
  readonly missing: readonly string[];
}

const IN_FILE = settingsThat((row) => row.sample !== undefined) as readonly (keyof SettingsFile)[];

/** Writes the commented example if there is no settings.json yet. */
export async function writeExampleSettings(home: Home, known: SettingsFile): Promise<Result<Example, HomeCode>> {
  const there = ensureHome(home);
  if (!there.ok) return there;
  const path = settingsPath(home);
  const example = exampleSettings(known);
  let made = false;
  const text = createOnce(path, () => {
    made = true;
    return example;
  });
  if (!text.ok) return text;
  const missing = IN_FILE.filter((name) => SETTING_ROWS[name].needed === true && known[name] === undefined);
  return ok({ path, written: made && text.value === example, missing });
}

/** The example's text: known values are filled in, the others commented out. */
export function exampleSettings(known: SettingsFile): string {
  const lines = IN_FILE.flatMap((key) => {
    const { about: comment, sample } = SETTING_ROWS[key];
    const value = known[key];
    const mark = value === undefined ? "// " : "";
    return [`  // ${comment}`, `  ${mark}${JSON.stringify(key)}: ${JSON.stringify(value ?? sample)},`];
  });
  return ["// Agora's settings, yours alone: no project can change them.", "{", ...lines, "}", ""].join("\n");
}
