// The settings that the environment overrides. Empty variables count as unset.
import type { Result } from "@agora/protocol";
import type { Env } from "./env.ts";
import { fail, ok } from "./result.ts";
import { type EnvSettings, SETTING_ROWS, settingsThat } from "./settings-table.ts";

export type { EnvSettings } from "./settings-table.ts";

/** Reads the AGORA_ variables; an invalid value is refused, and the failure names the variable. */
export function readEnvSettings(env: Env): Result<EnvSettings, "bad-settings"> {
  const found: Record<string, string | number> = {};
  for (const key of settingsThat((row) => row.env !== undefined)) {
    const { env: name = "", check } = SETTING_ROWS[key];
    const word = env[name]?.trim();
    if (!word) continue;
    // Only parse a number where nothing else will do: a room may be called 7.
    const value = check(word) === undefined || !/^\d+$/.test(word) ? word : Number(word);
    const must = check(value);
    if (must !== undefined) return fail("bad-settings", `${name} is "${word}" but must be ${must}.`);
    found[key] = value;
  }
  return ok(found);
}
