// The network settings for reaching a relay through a company's network (proxy, certificate authorities), as the person's
// own terminal had them at `agora start`. Kept in the home, per relay: a session's environment can come from the project,
// which could name its own proxy.
import { join, resolve } from "node:path";
import type { Result } from "@agora/protocol";
import { ensureHome, type Home, type HomeCode } from "./directory.ts";
import type { Env } from "./env.ts";
import { withLock } from "./lock.ts";
import { readPrivate, replacePrivate } from "./private-file.ts";
import { ok } from "./result.ts";

/** Variables by name, upper case. The one that disables certificate checks is missing on purpose: nobody may set it. */
const PROXIES = new Set(["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]);
const FILES = new Set(["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"]);

/** More relays than anybody uses; the one recorded first is dropped. */
const MAX_RELAYS = 200;
const MAX_VALUE_CHARS = 4_096;

interface NetworkRecord {
  readonly origin: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The network settings of an environment; file paths become absolute. Empty variables count as unset. */
export function networkEnv(env: Env): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === "" || value.length > MAX_VALUE_CHARS) continue;
    if (PROXIES.has(name.toUpperCase())) kept[name] = value;
    else if (FILES.has(name)) kept[name] = resolve(value);
  }
  return kept;
}

/** Whether a variable is a network setting. */
export function isNetworkName(name: string): boolean {
  return PROXIES.has(name.toUpperCase()) || FILES.has(name);
}

/** What was recorded for a relay; undefined if nothing was (a project of an earlier version). */
export function recordedNetwork(home: Home, origin: string): Readonly<Record<string, string>> | undefined {
  return read(home).find((record) => record.origin === origin)?.env;
}

/**
 * One line about network settings in the environment that are ignored because a person's terminal recorded others for this
 * relay; undefined when there is nothing to say. Names only: a value can contain a password.
 */
export function ignoredNetworkNote(home: Home, origin: string, env: Env): string | undefined {
  if (!origin.startsWith("wss:")) return undefined;
  const recorded = recordedNetwork(home, origin);
  if (recorded === undefined) return undefined;
  const ignored = Object.entries(networkEnv(env)).flatMap(([name, value]) => (recorded[name] === value ? [] : [name]));
  if (ignored.length === 0) return undefined;
  const [is, it] = ignored.length === 1 ? ["is", "it"] : ["are", "them"];
  return `${ignored.join(", ")} of this environment ${is} not used for ${origin}, but what your terminal had at "agora start": type that again where ${it} should count`;
}

/** Records a person's terminal's settings for a relay. True when they differ from what was recorded. */
export async function recordNetwork(home: Home, origin: string, env: Env): Promise<Result<boolean, HomeCode>> {
  const wanted = networkEnv(env);
  const before = recordedNetwork(home, origin);
  if (before !== undefined && same(before, wanted)) return ok(false);
  const made = ensureHome(home);
  if (!made.ok) return made;
  const written = await withLock<void, HomeCode>(pathOf(home), async () => {
    const others = read(home).filter((record) => record.origin !== origin);
    const relays = [...others, { origin, env: wanted }].slice(-MAX_RELAYS);
    return replacePrivate(pathOf(home), `${JSON.stringify({ v: 1, relays }, undefined, 2)}\n`);
  });
  return written.ok ? ok(!same(before ?? {}, wanted)) : written;
}

function pathOf(home: Home): string {
  return join(home.path, "network.json");
}

/** A proxy's address can contain a password, so the file is private. An unreadable one records nothing. */
function read(home: Home): readonly NetworkRecord[] {
  const text = readPrivate(pathOf(home), true);
  if (!text.ok || text.value === undefined) return [];
  try {
    const file = JSON.parse(text.value) as { relays?: unknown };
    return Array.isArray(file.relays) ? file.relays.filter(isRecord) : [];
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is NetworkRecord {
  if (typeof value !== "object" || value === null) return false;
  const { origin, env } = value as Record<string, unknown>;
  if (typeof origin !== "string" || typeof env !== "object" || env === null) return false;
  return Object.entries(env).every(([name, text]) => isNetworkName(name) && typeof text === "string");
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
