// The settings an environment overrides. Empty variables count as not set.
import type { Result } from "@agora/protocol";
import type { Env } from "./env.ts";
import type { Mode } from "./registry.ts";
import { fail, ok } from "./result.ts";
import { checkMode, MAX_CHAIN_BUDGET, MAX_HOP_LIMIT, MAX_TASK_AGE_MS, wholeNumber } from "./settings-file.ts";

/** What the AGORA_ variables say. */
export interface EnvSettings {
  readonly relay?: string;
  readonly token?: string;
  readonly name?: string;
  readonly room?: string;
  readonly mode?: Mode;
  readonly hopLimit?: number;
  readonly taskAgeMs?: number;
  readonly chainBudget?: number;
  readonly maxPayloadBytes?: number;
  readonly maxFileBytes?: number;
}

const TEXTS = { relay: "AGORA_RELAY_URL", token: "AGORA_TOKEN", name: "AGORA_NAME", room: "AGORA_ROOM" } as const;
const NUMBERS = {
  hopLimit: ["AGORA_HOP_LIMIT", 0, MAX_HOP_LIMIT],
  taskAgeMs: ["AGORA_TASK_AGE_MS", 1, MAX_TASK_AGE_MS],
  chainBudget: ["AGORA_CHAIN_BUDGET", 0, MAX_CHAIN_BUDGET],
  maxPayloadBytes: ["AGORA_MAX_PAYLOAD", 65_536, 1024 ** 3],
  maxFileBytes: ["AGORA_MAX_FILE", 0, 1024 ** 4],
} as const;

/** Reads the AGORA_ variables; a value that can't be one is refused, naming the variable. */
export function readEnvSettings(env: Env): Result<EnvSettings, "bad-settings"> {
  const found: Record<string, string | number> = {};
  for (const [key, name] of Object.entries(TEXTS)) {
    const value = env[name]?.trim();
    if (value) found[key] = value;
  }
  const mode = env["AGORA_MODE"]?.trim();
  if (mode) {
    const must = checkMode(mode);
    if (must !== undefined) return fail("bad-settings", `AGORA_MODE is "${mode}" but must be ${must}.`);
    found["mode"] = mode;
  }
  for (const [key, [name, from, to]] of Object.entries(NUMBERS)) {
    const value = env[name]?.trim();
    if (!value) continue;
    const must = wholeNumber(from, to)(/^\d+$/.test(value) ? Number(value) : undefined);
    if (must !== undefined) return fail("bad-settings", `${name} is "${value}" but must be ${must}.`);
    found[key] = Number(value);
  }
  return ok(found);
}
