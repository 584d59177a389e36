// The settings that the environment overrides. Empty variables count as unset.
import type { Result } from "@agora/protocol";
import type { Env } from "./env.ts";
import { fail, ok } from "./result.ts";
import { type EnvSettings, renamedNote, SETTING_ROWS, settingsThat } from "./settings-table.ts";

export type { EnvSettings } from "./settings-table.ts";

/** Reads the AGORA_ variables; an invalid value is refused, and the failure names the variable. */
export function readEnvSettings(env: Env): Result<EnvSettings, "bad-settings"> {
  const found: Record<string, string | number> = {};
  for (const key of settingsThat((row) => row.env !== undefined)) {
    const { env: now = "", former, check } = SETTING_ROWS[key];
    const name = !env[now]?.trim() && former !== undefined && env[former.env]?.trim() ? former.env : now;
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

/** What to tell the person of variables that have another name now. */
export function renamedVariables(env: Env): readonly string[] {
  return Object.values(SETTING_ROWS).flatMap(({ env: now, former }) =>
    now !== undefined && former !== undefined && env[former.env]?.trim() && !env[now]?.trim()
      ? [renamedNote(former.env, now)]
      : [],
  );
}
