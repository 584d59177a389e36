// Where a received file is put: under a name we choose, never over anything else there.
import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { holdsContent } from "./content.ts";
import type { Received } from "@agora/member";
import { moveDurably } from "./durable.ts";
import { receivedName } from "./name.ts";

/** Digits of the hash in the name: more when different content has the shorter name. */
const HASH_DIGITS = [8, 16, 64] as const;

/** Where this very content already is; undefined if it isn't. */
export async function findReceived(dir: string, file: Received): Promise<string | undefined> {
  for (const digits of HASH_DIGITS) {
    const path = join(dir, receivedName(file.name, file.sha256, digits));
    if (await holds(path, file)) return path;
  }
  return undefined;
}

/** Moves a verified part into place and returns the path. */
export async function placeReceived(part: string, dir: string, file: Received): Promise<string> {
  for (const digits of HASH_DIGITS) {
    const path = join(dir, receivedName(file.name, file.sha256, digits));
    if (digits !== 64 && (await exists(path)) && !(await holds(path, file))) continue;
    await moveDurably(part, path);
    return path;
  }
  throw new Error("unreachable: the last name is always taken");
}

/** Bytes of all files in the folder, parts included; 0 if there is no folder. */
export async function usedBytes(dir: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(dir).catch(() => [])) {
    try {
      bytes += (await lstat(join(dir, name))).size;
    } catch {
      // Removed meanwhile.
    }
  }
  return bytes;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

async function holds(path: string, file: Received): Promise<boolean> {
  try {
    return await holdsContent(path, file);
  } catch {
    return false;
  }
}

/** The size of a file; 0 if it doesn't exist. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
