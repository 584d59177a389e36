// A copy of this executable at a permanent path: a plugin's folder disappears with the next update, so a client's
// configuration or a link on the PATH must not point there.
import { copyFileSync, existsSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureFolder, ensureHome, fail, type Home, ok } from "@agora/user-config";
import type { Result } from "@agora/protocol";

/**
 * The path of the copy, `<home>/bin/agora.mjs`; with `write` it is created or renewed. A `.ts` entry is returned unchanged.
 */
export function keptBundle(home: Home, entry: string, write: boolean): Result<string> {
  if (entry.endsWith(".ts")) return ok(entry);
  const path = join(home.path, "bin", "agora.mjs");
  return !write || path === entry ? ok(path) : keep(home, entry, path);
}

/** What a terminal starts, and what that starts first: quicker than the full executable, to which it hands over. */
const LAUNCH = "launch.cjs";
const QUICK = "quick.cjs";

/**
 * The copy for a terminal, created or renewed: `<home>/bin/launch.cjs`, with what it starts beside it; or the full executable,
 * if the caller's own has no such files.
 */
export function keptProgram(home: Home, entry: string): Result<string> {
  let program = keptBundle(home, entry, true);
  const from = dirname(entry);
  if (!program.ok || [QUICK, LAUNCH].some((name) => !existsSync(join(from, name)))) return program;
  for (const name of [QUICK, LAUNCH]) {
    const path = join(home.path, "bin", name);
    program = join(from, name) === path ? ok(path) : keep(home, join(from, name), path);
    if (!program.ok) return program;
  }
  return program;
}

function keep(home: Home, from: string, path: string): Result<string> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  const ready = ensureFolder(dirname(path));
  if (!ready.ok) return ready;
  try {
    if (!same(path, from)) {
      const own = `${path}.${process.pid}`;
      copyFileSync(from, own);
      renameSync(own, path);
    }
    return ok(path);
  } catch (error) {
    return fail("disk", `${path} could not be written: ${error instanceof Error ? error.message : "unknown reason"}.`);
  }
}

function same(path: string, entry: string): boolean {
  try {
    return readFileSync(path).equals(readFileSync(entry));
  } catch {
    return false;
  }
}
