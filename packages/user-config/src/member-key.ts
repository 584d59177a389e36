// The key pair a member signs with: one per relay origin, room and name, never stored in a project. Another one takes its place when
// a person says so; of the ones before only what is said about them stays.
import { join } from "node:path";
import type { KeyPair } from "@agora/ports";
import type { Result } from "@agora/protocol";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { hashName } from "./crypto.ts";
import { withLock } from "./lock.ts";
import { createOnce, readPrivate, replacePrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";

/** Who signs: a name in a room at a relay. */
export interface KeyOwner {
  readonly origin: string;
  readonly room: string;
  readonly name: string;
}

/** A key that another one took the place of: its secret half is gone. */
export interface FormerKey {
  readonly key: string;
  /** What certifies it, and what says to the room up to where it counts. */
  readonly statements: readonly string[];
  /** What says that to members it spoke with alone: each is for these alone. */
  readonly told: readonly { readonly jws: string; readonly audience: string }[];
}

/** A member's key pair, when it was made, unix milliseconds (0 if that wasn't recorded), and the keys before it, the newest first. */
export type MemberKey = KeyPair & { readonly at: number; readonly before?: readonly FormerKey[] };

/** The path of a member's key file. */
export function memberKeyPath(home: Home, { origin, room, name }: KeyOwner): string {
  return join(home.path, "keys", `${hashName(origin, room, name)}.json`);
}

/** The member's key pair; two processes that create it at once get the same one. */
export async function keyPair(home: Home, identity: KeyOwner): Promise<Result<MemberKey, HomeCode>> {
  const folder = join(home.path, "keys");
  const made = ensureHome(home);
  if (!made.ok) return made;
  const folderMade = ensureFolder(folder);
  if (!folderMade.ok) return folderMade;
  const { origin, room, name } = identity;
  const path = memberKeyPath(home, identity);
  const { generateKeyPair } = await import("@agora/ports/keys");
  const text = createOnce(
    path,
    () => `${JSON.stringify({ v: 1, origin, room, name, at: Date.now(), ...generateKeyPair() })}\n`,
  );
  if (!text.ok) return text;
  const pair = readKeyPair(text.value);
  return pair === undefined ? noKey(path) : ok(pair);
}

/**
 * Puts another key pair in a member's place, all in one step: who reads the file sees the old one, or the new one and what is said
 * about the old one.
 *
 * @param former what is said about the key that is there; another one there means that somebody else has replaced it
 * @param now unix milliseconds
 */
export function replaceKey(
  home: Home,
  identity: KeyOwner,
  next: KeyPair,
  former: FormerKey,
  now: number,
): Promise<Result<MemberKey, HomeCode>> {
  const path = memberKeyPath(home, identity);
  return withLock<MemberKey, HomeCode>(path, async () => {
    const text = readPrivate(path, true);
    if (!text.ok) return text;
    const pair = readKeyPair(text.value ?? "");
    if (pair === undefined) return noKey(path);
    if (pair.key !== former.key)
      return fail("bad-file", `${path} holds another key by now: look at agora devices, and say it again.`);
    const made: MemberKey = { ...next, at: now, before: [former, ...(pair.before ?? [])] };
    const { origin, room, name } = identity;
    const written = await replacePrivate(path, `${JSON.stringify({ v: 1, origin, room, name, ...made })}\n`);
    return written.ok ? ok(made) : written;
  });
}

function noKey(path: string): ReturnType<typeof fail<"bad-file">> {
  return fail(
    "bad-file",
    `${path} holds no key: restore it from a backup, or remove it and let the others "agora trust" you anew.`,
  );
}

const KEY = /^[A-Za-z0-9_-]{43}$/;

/** Parses the key pair in a key file's text; undefined if invalid. */
export function readKeyPair(text: string): MemberKey | undefined {
  try {
    const file: unknown = JSON.parse(text);
    if (typeof file !== "object" || file === null || !("key" in file) || !("seed" in file)) return undefined;
    const { key, seed } = file;
    if (typeof key !== "string" || typeof seed !== "string" || !KEY.test(key) || !KEY.test(seed)) return undefined;
    const at = "at" in file && typeof file.at === "number" ? file.at : 0;
    const before = "before" in file && Array.isArray(file.before) ? file.before.filter(isFormer) : [];
    return before.length === 0 ? { key, seed, at } : { key, seed, at, before };
  } catch {
    return undefined;
  }
}

function isFormer(one: unknown): one is FormerKey {
  const { key, statements, told } = (one ?? {}) as Partial<Readonly<Record<string, unknown>>>;
  return (
    typeof key === "string" &&
    Array.isArray(statements) &&
    statements.every((jws) => typeof jws === "string") &&
    Array.isArray(told) &&
    told.every((it: unknown) => {
      const { jws, audience } = (it ?? {}) as Partial<Readonly<Record<string, unknown>>>;
      return typeof jws === "string" && typeof audience === "string";
    })
  );
}
