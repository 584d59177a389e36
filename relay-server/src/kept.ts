// What a relay stores between runs: its key, and the token it generated if none was configured. On a personal machine they
// are in the user's folder; elsewhere only where the admin says, since a key that changes at each start locks everybody out.
import { randomBytes } from "node:crypto";
import { isAbsolute, join, resolve } from "node:path";
import { createOnce, ensureFolder, ensureHome, findHome, readKeyPair } from "@agora/user-config";
import { generateKeyPair, type KeyPair } from "@agora/ports";
import { fail, isLoopbackHost, ok, type Result } from "@agora/protocol";
import type { Environment, RelayConfig } from "./config.ts";

/** The key and the token of this run. */
export interface Kept {
  readonly relayKey: KeyPair | undefined;
  /** Generated here, since none was configured. */
  readonly token: string | undefined;
  /** Why what was generated will be lost at the end, in one sentence. */
  readonly warning?: string;
  /** There is no home at all, as for a service: mentioned in the log. */
  readonly isHomeless?: true;
}

const TOKEN = /^[\w-]{32}$/;

/** Finds what was stored, or generates it. Fails only when the admin named a folder that can't be used. */
export function findKept(config: RelayConfig, env: Environment): Result<Kept, "bad-state"> {
  const isLocal = isLoopbackHost(config.host);
  const needsToken = isLocal && config.token === undefined && !config.grantsOnly;
  if (config.relayKey !== undefined && !needsToken) return ok({ relayKey: config.relayKey, token: undefined });
  if (config.state === undefined && !isLocal) return ok({ relayKey: config.relayKey, token: undefined });
  const folder = openFolder(config.state, env);
  if (!folder.ok && config.state !== undefined) return fail("bad-state", folder.message);
  const key = config.relayKey === undefined && folder.ok ? keptKey(folder.value) : ok(config.relayKey);
  const token = needsToken && folder.ok ? keptToken(folder.value) : ok(undefined);
  const failure = [folder, key, token].find((result) => !result.ok);
  if (failure?.ok === false && config.state !== undefined) return fail("bad-state", failure.message);
  return ok({
    relayKey: (key.ok ? key.value : undefined) ?? generateKeyPair(),
    token: needsToken ? ((token.ok ? token.value : undefined) ?? makeToken()) : undefined,
    ...(!folder.ok && folder.code === "no-home" ? { isHomeless: true as const } : {}),
    ...(failure?.ok === false && failure.code !== "no-home"
      ? { warning: `${failure.message} The relay's key and token are new ones, and end with it.` }
      : {}),
  });
}

function openFolder(state: string | undefined, env: Environment): Result<string> {
  if (state !== undefined) {
    const made = ensureFolder(resolve(state));
    return made.ok ? ok(resolve(state)) : made;
  }
  // A user without a home of their own stores nothing in somebody else's.
  const places = ["AGORA_HOME", "XDG_CONFIG_HOME", "HOME", "APPDATA", "USERPROFILE"];
  if (!places.some((name) => isAbsolute(env[name] ?? "")))
    return fail("no-home", "There is no home to keep anything in: set AGORA_RELAY_STATE.");
  const home = findHome(env);
  const made = ensureHome(home);
  if (!made.ok) return made;
  const folder = join(home.path, "relay");
  const folderMade = ensureFolder(folder);
  return folderMade.ok ? ok(folder) : folderMade;
}

function keptKey(folder: string): Result<KeyPair> {
  const path = join(folder, "key.json");
  const text = createOnce(path, () => `${JSON.stringify({ v: 1, at: Date.now(), ...generateKeyPair() })}\n`);
  if (!text.ok) return text;
  const pair = readKeyPair(text.value);
  return pair === undefined
    ? fail("bad-file", `${path} holds no key: restore it from a backup, or remove it and tell everybody the new one.`)
    : ok({ key: pair.key, seed: pair.seed });
}

function keptToken(folder: string): Result<string> {
  const path = join(folder, "token");
  const text = createOnce(path, () => `${makeToken()}\n`);
  if (!text.ok) return text;
  const token = text.value.trim();
  return TOKEN.test(token) ? ok(token) : fail("bad-file", `${path} holds no token: remove it, and another is made.`);
}

function makeToken(): string {
  return randomBytes(24).toString("base64url");
}
