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

/**
 * The copy for a terminal, created or renewed: `<home>/bin/quick.cjs`, which starts faster and hands over to the full
 * executable beside it; or the full one, if there is no quick one.
 */
export function keptProgram(home: Home, entry: string): Result<string> {
  const whole = keptBundle(home, entry, true);
  if (!whole.ok) return whole;
  const quick = join(dirname(entry), "quick.cjs");
  const path = join(home.path, "bin", "quick.cjs");
  if (quick === path || !existsSync(quick)) return existsSync(path) && quick === path ? ok(path) : whole;
  return keep(home, quick, path);
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
