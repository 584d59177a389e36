// The key pair a member signs with: one per relay origin, room and name, made once, never stored in a project.
import { join } from "node:path";
import type { KeyPair } from "@agora/ports";
import type { Result } from "@agora/protocol";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { hashName } from "./crypto.ts";
import { createOnce } from "./private-file.ts";
import { fail, ok } from "./result.ts";

/** Who signs: a name in a room at a relay. */
export interface KeyOwner {
  readonly origin: string;
  readonly room: string;
  readonly name: string;
}

/** A member's key pair, and when it was made, unix milliseconds (0 if that wasn't recorded). */
export type MemberKey = KeyPair & { readonly at: number };

/** The member's key pair; two processes that create it at once get the same one. */
export async function keyPair(home: Home, identity: KeyOwner): Promise<Result<MemberKey, HomeCode>> {
  const folder = join(home.path, "keys");
  const made = ensureHome(home);
  if (!made.ok) return made;
  const folderMade = ensureFolder(folder);
  if (!folderMade.ok) return folderMade;
  const { origin, room, name } = identity;
  const path = join(folder, `${hashName(origin, room, name)}.json`);
  const { generateKeyPair } = await import("@agora/ports/keys");
  const text = createOnce(
    path,
    () => `${JSON.stringify({ v: 1, origin, room, name, at: Date.now(), ...generateKeyPair() })}\n`,
  );
  if (!text.ok) return text;
  const pair = readKeyPair(text.value);
  if (pair !== undefined) return ok(pair);
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
    return typeof key === "string" && typeof seed === "string" && KEY.test(key) && KEY.test(seed)
      ? { key, seed, at: "at" in file && typeof file.at === "number" ? file.at : 0 }
      : undefined;
  } catch {
    return undefined;
  }
}
