// Files with secrets or facts that only this user may write: no link is followed, and a file that others can read is
// refused.
import { closeSync, constants, fstatSync, linkSync, openSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { readText } from "@agora/ports/read-text";
import type { Result } from "@agora/protocol";
import { crypto } from "./crypto.ts";
import { diskFailure, errorWord } from "./disk-failure.ts";
import type { HomeCode } from "./directory.ts";
import { fail, ok } from "./result.ts";

const MAX_FILE_BYTES = 8 * 1024 * 1024;
// A pipe of that name must not block the reader; Windows has neither flag.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Reads a file of ours; undefined if there is none. `secret`: others must not be able to read it either. */
export function readPrivate(path: string, secret: boolean): Result<string | undefined, HomeCode> {
  let file: number;
  try {
    file = openSync(path, READ);
  } catch (error) {
    const word = errorWord(error);
    if (word === "ENOENT") return ok(undefined);
    if (word === "ELOOP" || word === "EMLINK") return fail("bad-file", `${path} is a link: put the file itself there.`);
    return diskFailure(path, error);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return fail("bad-file", `${path} is not a plain file: move it away.`);
    if (stat.size > MAX_FILE_BYTES) return fail("bad-file", `${path} is larger than 8 MB: it is not one of Agora's.`);
    const uid = process.getuid?.();
    if (uid !== undefined && stat.uid !== uid) return fail("bad-file", `${path} belongs to another user: remove it.`);
    const open = secret ? 0o077 : 0o022;
    if (uid !== undefined && (stat.mode & open) !== 0) {
      const what = secret ? "read" : "written";
      return fail(
        "bad-file",
        `${path} can be ${what} by others: run "chmod 600 ${path}" if it is still a secret of yours.`,
      );
    }
    return ok(readText(file));
  } catch (error) {
    return diskFailure(path, error);
  } finally {
    closeSync(file);
  }
}

/**
 * Returns the file's text, creating it with `make()` if missing. Two processes that try at once get the same text: the whole
 * file appears by a hard link, which never replaces.
 */
export function createOnce(path: string, make: () => string): Result<string, HomeCode> {
  const there = readPrivate(path, true);
  if (!there.ok) return there;
  if (there.value !== undefined) return ok(there.value);
  const own = `${path}.${crypto().randomBytes(6).toString("hex")}`;
  try {
    writeFileSync(own, make(), { flag: "wx", mode: 0o600, flush: true });
    try {
      linkSync(own, path);
    } catch (error) {
      const word = errorWord(error);
      if (word !== "EEXIST" && !withoutLinks(word)) throw error;
      // Without hard links (some network and phone disks) the exclusive flag decides; the file is small enough for one
      // write.
      if (word !== "EEXIST") writeFileSync(path, readFileSync(own), { flag: "wx", mode: 0o600, flush: true });
    }
  } catch (error) {
    if (errorWord(error) !== "EEXIST") return diskFailure(path, error);
  } finally {
    removeQuietly(own);
  }
  const made = readPrivate(path, true);
  if (!made.ok) return made;
  return made.value === undefined
    ? fail("disk", `${path} vanished while it was being made: try again.`)
    : ok(made.value);
}

function withoutLinks(word: string): boolean {
  return word === "EPERM" || word === "ENOTSUP" || word === "EOPNOTSUPP" || word === "ENOSYS" || word === "EMLINK";
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made, or is already gone.
  }
}

/** Replaces a file of ours atomically: readers see the old text or the new one. */
export async function replacePrivate(path: string, text: string): Promise<Result<void, HomeCode>> {
  const { replaceFile } = await import("@agora/ports/replace-file");
  try {
    replaceFile(path, text, { mode: 0o600 });
    return ok(undefined);
  } catch (error) {
    return diskFailure(path, error);
  }
}
