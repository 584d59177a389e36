// A person's root and device key on this machine: one of each per relay origin and room, made once, and the statements that they
// signed. Members of several names share them. The root may be elsewhere, where this device was linked to it.
import { join } from "node:path";
import type { KeyPair } from "@agora/ports";
import type { KeyClaims, Result } from "@agora/protocol";
import { hashName } from "./crypto.ts";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { withLock } from "./lock.ts";
import { createOnce, readPrivate, replacePrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";

/** What is kept of a person in a room. */
export interface PersonFile {
  /** Where the root was made: every statement says so. */
  readonly origin: string;
  readonly room: string;
  /** When the keys were made, unix milliseconds. */
  readonly at: number;
  readonly root?: KeyPair;
  readonly device: KeyPair;
  /** What others see of this device, until its person calls it otherwise. */
  readonly name: string;
  /** What these keys signed for all members here, and what certifies this device. */
  readonly statements: readonly string[];
}

/** The path of a person's file. */
export function personPath(home: Home, origin: string, room: string): string {
  return join(home.path, "persons", `${hashName(origin, room)}.json`);
}

/**
 * The person's keys in a room, made at the first time; two processes that make them at once get the same ones.
 *
 * @param deviceName what others may see of this machine
 */
export async function personKeys(
  home: Home,
  { origin, room }: { readonly origin: string; readonly room: string },
  deviceName: string,
): Promise<Result<PersonFile, HomeCode>> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  const folderMade = ensureFolder(join(home.path, "persons"));
  if (!folderMade.ok) return folderMade;
  const path = personPath(home, origin, room);
  const there = readPrivate(path, true);
  if (!there.ok) return there;
  if (there.value !== undefined) return readPerson(path, there.value);
  const text = JSON.stringify(await newPerson(origin, room, deviceName));
  const kept = createOnce(path, () => `${text}\n`);
  return kept.ok ? readPerson(path, kept.value) : kept;
}

/** Changes what is kept of a person; `change` gets what is there now. */
export function editPerson(
  home: Home,
  { origin, room }: { readonly origin: string; readonly room: string },
  change: (file: PersonFile) => PersonFile,
): Promise<Result<PersonFile, HomeCode>> {
  const path = personPath(home, origin, room);
  return withLock<PersonFile, HomeCode>(path, async () => {
    const text = readPrivate(path, true);
    if (!text.ok) return text;
    const file = text.value === undefined ? noPerson(path) : readPerson(path, text.value);
    if (!file.ok) return file;
    const next = change(file.value);
    const written = await replacePrivate(path, `${JSON.stringify({ v: 1, ...next })}\n`);
    return written.ok ? ok(next) : written;
  });
}

async function newPerson(origin: string, room: string, deviceName: string): Promise<PersonFile & { readonly v: 1 }> {
  const { createSigner, generateKeyPair } = await import("@agora/ports/keys");
  const { keyProofText, signStatement } = await import("@agora/protocol");
  const [root, device] = [generateKeyPair(), generateKeyPair()];
  const at = Date.now();
  const about = { origin, room, by: root.key, iat: Math.floor(at / 1_000), key: device.key, name: deviceName };
  const claims = { ...about, act: "certify", as: "device" } as const;
  const certified: KeyClaims = { ...claims, proof: createSigner(device).sign(keyProofText(claims)) };
  const { jws } = await signStatement(certified, createSigner(root));
  return { v: 1, origin, room, at, root, device, name: deviceName, statements: [jws] };
}

/** Reads what is kept of a person. */
export function readPerson(path: string, text: string): Result<PersonFile, "bad-file"> {
  try {
    const file = JSON.parse(text) as Partial<PersonFile>;
    const { origin, room, at, root, device, name, statements } = file;
    if (typeof origin !== "string" || typeof room !== "string" || typeof at !== "number") return noPerson(path);
    if (typeof name !== "string") return noPerson(path);
    if (!isPair(device) || (root !== undefined && !isPair(root)) || !Array.isArray(statements)) return noPerson(path);
    const words = statements.filter((word): word is string => typeof word === "string");
    return ok({ origin, room, at, ...(root === undefined ? {} : { root }), device, name, statements: words });
  } catch {
    return noPerson(path);
  }
}

const HALF = /^[A-Za-z0-9_-]{43}$/;

function isPair(pair: unknown): pair is KeyPair {
  if (typeof pair !== "object" || pair === null || !("key" in pair) || !("seed" in pair)) return false;
  return [pair.key, pair.seed].every((half) => typeof half === "string" && HALF.test(half));
}

function noPerson(path: string): ReturnType<typeof fail<"bad-file">> {
  return fail(
    "bad-file",
    `${path} holds no keys of a person: restore it from a backup, or remove it; then this device is a new one to the others.`,
  );
}
