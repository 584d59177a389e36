// Environment variables of systems that people come from, each with our equivalent. They are pointed out to the person and
// never obeyed: their values may belong to another room. docs/guide/coming-from.md has the full tables.
import type { Env } from "./env.ts";

/** Their variable to ours; `undefined` when Agora has nothing like it. */
export const OTHER_VARIABLES: Readonly<Record<string, string | undefined>> = {
  NEXSCOPE_RELAY_URL: "AGORA_RELAY_URL",
  NEXSCOPE_TOKEN: "AGORA_TOKEN",
  NEXSCOPE_DEFAULT_NAME: "AGORA_NAME",
  NEXSCOPE_MODE: "AGORA_MODE",
  NEXSCOPE_HOP_LIMIT: "AGORA_HOP_LIMIT",
  NEXSCOPE_MAX_PAYLOAD: "AGORA_MAX_PAYLOAD",
  NEXSCOPE_MAX_FILE: "AGORA_MAX_FILE",
  CAUCUS_HUB_URL: "AGORA_RELAY_URL",
  CAUCUS_PROJECT: "AGORA_NAME",
  CAUCUS_TOKEN: "AGORA_TOKEN",
  CAUCUS_OPERATOR_TOKEN: "AGORA_OPERATOR_TOKEN",
  CAUCUS_OBSERVER_TOKEN: "AGORA_OBSERVER_TOKEN",
  CAUCUS_ALLOWED_ORIGINS: "AGORA_ALLOWED_ORIGINS",
  CAUCUS_LOG_LEVEL: "AGORA_LOG_LEVEL",
  CAUCUS_MCP_HTTP: "AGORA_RESIDENT_HTTP",
  CAUCUS_MISSION: undefined,
  CAUCUS_AGENT_MODEL: undefined,
  CAUCUS_AGENT_TYPE: undefined,
  CAUCUS_PERMISSION_MODE: undefined,
};

/** Systems whose variables are known only by their prefix: the rest of the name gives our equivalent. */
const PREFIX = /^NEXOR_AGORA_[A-Z0-9_]{1,40}$/;
const ENDINGS = [
  [/URL$/, "AGORA_RELAY_URL"],
  [/(TOKEN|KEY)$/, "AGORA_TOKEN"],
  [/(NAME|HANDLE)$/, "AGORA_NAME"],
] as const;

/** How many are named at most. */
const MAX_NAMED = 8;

/**
 * One sentence naming the variables of other systems that are set, each with ours; `undefined` when none is set. Contains
 * names only, never a value.
 */
export function otherSystemsNote(env: Env): string | undefined {
  const set = Object.keys(env)
    .filter((name) => env[name]?.trim() && (Object.hasOwn(OTHER_VARIABLES, name) || PREFIX.test(name)))
    .sort();
  if (set.length === 0) return undefined;
  const named = set.slice(0, MAX_NAMED).map((name) => {
    const ours = twinOf(name);
    return ours === undefined ? `${name} (nothing like it here)` : `${name} (here ${ours})`;
  });
  const more = set.length > MAX_NAMED ? `, and ${set.length - MAX_NAMED} more` : "";
  return `Agora doesn't read the variables of other systems: ${named.join(", ")}${more}.`;
}

function twinOf(name: string): string | undefined {
  return Object.hasOwn(OTHER_VARIABLES, name)
    ? OTHER_VARIABLES[name]
    : ENDINGS.find(([ending]) => ending.test(name))?.[1];
}
