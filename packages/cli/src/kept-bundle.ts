// A copy of this executable at a place that stays: a plugin's folder goes with the next update, and a client's configuration
// must not point there.
import { copyFileSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ensureFolder, ensureHome, fail, type Home, ok } from "@agora/home";
import type { Result } from "@agora/protocol";

/** The path of the copy, `<home>/bin/agora.mjs`; made or renewed when `write`. A `.ts` entry is given back as it is. */
export function keptBundle(home: Home, entry: string, write: boolean): Result<string> {
  if (entry.endsWith(".ts")) return ok(entry);
  const folder = join(home.path, "bin");
  const path = join(folder, "agora.mjs");
  if (!write || path === entry) return ok(path);
  const made = ensureHome(home);
  if (!made.ok) return made;
  const ready = ensureFolder(folder);
  if (!ready.ok) return ready;
  try {
    if (!same(path, entry)) {
      const own = `${path}.${process.pid}`;
      copyFileSync(entry, own);
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
