// Whether a client's hooks reach us, judged by what was seen of each of its versions. A session's server writes this;
// whatever has to warn the person reads it. Only the latest time of each sign is kept.
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { ensureHome, type Home, type HomeCode } from "./directory.ts";
import { withLock } from "./lock.ts";
import { readPrivate, replacePrivate } from "./private-file.ts";
import { ok } from "./result.ts";

/**
 * A sign from a session in a project that is in a room. `opened`: the client started our server. `arrived`: a hook came.
 * `missed`: the model called a tool before any hook had come. `refused`: a call of the hook entry wasn't recognized as a
 * hook's.
 */
export type HookSign = "opened" | "arrived" | "missed" | "refused";

/** What was seen of one version of one client: each sign with its latest time, unix milliseconds. */
export type HookProof = { readonly client: string; readonly version: string } & {
  readonly [sign in HookSign]?: number;
};

/** `fail`: a session got no hooks; `unproven`: none were seen since a session opened. */
export type HookReach = "reach" | "fail" | "unproven";

/** A session that is in use normally gets its first hook within this time. */
const FIRST_HOOK_MS = 60_000;

/** Old versions make room for new ones. */
const MAX_PROOFS = 32;
const SIGNS = ["opened", "arrived", "missed", "refused"] as const;
/** The client states its version itself. */
const VERSION = /^[\w.+-]{1,40}$/;

/** What the latest signs add up to. */
export function hookReach({ opened = 0, arrived = 0, missed = 0, refused = 0 }: HookProof, now: number): HookReach {
  if (Math.max(missed, refused) > arrived) return "fail";
  if (arrived === 0) return "unproven";
  return opened > arrived && now - opened > FIRST_HOOK_MS ? "unproven" : "reach";
}

/** What has been seen so far, the most recently opened version first; empty when the file is missing or unreadable. */
export function readHookProofs(home: Home): readonly HookProof[] {
  const text = readPrivate(pathIn(home), false);
  if (!text.ok || text.value === undefined) return [];
  try {
    const file: unknown = JSON.parse(text.value);
    const proofs: unknown = typeof file === "object" && file !== null ? Reflect.get(file, "proofs") : undefined;
    return Array.isArray(proofs) ? proofs.filter(isProof).toSorted((a, b) => latest(b) - latest(a)) : [];
  } catch {
    return [];
  }
}

/** Records a sign. */
export async function noteHookSign(
  home: Home,
  { client, version }: { readonly client: string; readonly version: string },
  sign: HookSign,
  at: number,
): Promise<Result<void, HomeCode>> {
  if (!VERSION.test(version)) return ok(undefined);
  const made = ensureHome(home);
  if (!made.ok) return made;
  const path = pathIn(home);
  return await withLock<void, HomeCode>(path, async () => {
    const proofs = readHookProofs(home);
    const isThis = (proof: HookProof): boolean => proof.client === client && proof.version === version;
    const seen: HookProof = { ...(proofs.find(isThis) ?? { client, version }), [sign]: at };
    const kept = [seen, ...proofs.filter((proof) => !isThis(proof))].slice(0, MAX_PROOFS);
    return await replacePrivate(path, `${JSON.stringify({ v: 1, proofs: kept })}\n`);
  });
}

const pathIn = (home: Home): string => join(home.path, "hook-proofs.json");

const latest = (proof: HookProof): number => Math.max(...SIGNS.map((sign) => proof[sign] ?? 0));

function isProof(value: unknown): value is HookProof {
  if (typeof value !== "object" || value === null) return false;
  const proof = value as Record<string, unknown>;
  const isTime = (time: unknown): boolean => time === undefined || typeof time === "number";
  return (
    typeof proof["client"] === "string" &&
    typeof proof["version"] === "string" &&
    VERSION.test(proof["version"]) &&
    SIGNS.every((sign) => isTime(proof[sign]))
  );
}
