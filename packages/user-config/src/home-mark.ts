// The mark of a home: this user made it, here. It records the folder's own inode, so it means nothing in a folder that
// somebody planted, unpacked or copied, whatever files it contains.
import { lstatSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { crypto } from "./crypto.ts";
import type { Home, HomeCode } from "./directory.ts";
import { diskFailure, errorWord } from "./disk-failure.ts";
import { readPrivate } from "./private-file.ts";
import { ok } from "./result.ts";

const FILE = "home.json";

interface Mark {
  readonly path: string;
  readonly inode: string;
}

/** Whether the folder carries a valid mark. Two system calls and one small file, since hooks ask this. */
export function isMarked(home: Home): boolean {
  const text = readPrivate(join(home.path, FILE), true);
  if (!text.ok || text.value === undefined) return false;
  try {
    const file = JSON.parse(text.value) as Partial<Mark>;
    const own = markOf(home.path);
    return file.path === own.path && file.inode === own.inode;
  } catch {
    return false;
  }
}

/** Whether the folder is empty or missing. An empty folder contains nothing that could be believed by mistake. */
export function isEmptyHome(home: Home): boolean {
  try {
    return readdirSync(home.path).length === 0;
  } catch (error) {
    return errorWord(error) === "ENOENT";
  }
}

/**
 * Marks the folder as this user's home, because a person says so or because it was just created. Program copies found in an
 * unmarked folder can't be trusted: their list is deleted.
 */
export function markHome(home: Home): Result<void, HomeCode> {
  if (isMarked(home)) return ok(undefined);
  const path = join(home.path, FILE);
  const own = `${path}.${crypto().randomBytes(6).toString("hex")}`;
  try {
    rmSync(copiesFolder(home), { recursive: true, force: true });
    rmSync(oldCopiesPath(home), { force: true });
    writeFileSync(own, `${JSON.stringify({ v: 1, ...markOf(home.path) })}\n`, { flag: "wx", mode: 0o600 });
    renameSync(own, path);
    return ok(undefined);
  } catch (error) {
    rmSync(own, { force: true });
    return diskFailure(path, error);
  }
}

/** The list of program copies that this user's own programs installed here, one file each. */
export function copiesFolder(home: Home): string {
  return join(home.path, "copies");
}

/** Where older versions kept the whole list: one file, which needed a lock. */
export function oldCopiesPath(home: Home): string {
  return join(home.path, "copies.json");
}

function markOf(path: string): Mark {
  return { path: realpathSync(path), inode: String(lstatSync(path, { bigint: true }).ino) };
}
