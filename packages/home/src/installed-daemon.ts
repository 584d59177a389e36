// The daemon's own copy of the code. It is launched from here, not from a client's plugin cache, which an update removes.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { crypto } from "./crypto.ts";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { diskFailure } from "./disk-failure.ts";
import { ok } from "./result.ts";

const FILE = "agora.mjs";
/** Copies kept at least, newest use first. */
const KEPT = 3;
/** A copy used within this time is never removed, whatever the number. */
const KEPT_MS = 14 * 24 * 3_600_000;

/**
 * Copies the bundle to `<home>/versions/<version>-<hash8>/agora.mjs` once and gives that path; a `.ts` entry is given
 * back as it is. Copies that were not used for two weeks are removed, except the newest few. (Node has read a running
 * daemon's one file whole: removing it takes nothing from it.)
 */
export async function installedDaemon(home: Home, bundle: string, version: string): Promise<Result<string, HomeCode>> {
  if (bundle.endsWith(".ts")) return ok(bundle);
  const made = ensureHome(home);
  if (!made.ok) return made;
  const versions = join(home.path, "versions");
  const folderMade = ensureFolder(versions);
  if (!folderMade.ok) return folderMade;
  let target = bundle;
  try {
    const code = readFileSync(bundle);
    const digest = crypto().createHash("sha256").update(code).digest("hex");
    const name = `${version.replaceAll(/[^\w.+-]/g, "_")}-${digest.slice(0, 8)}`;
    target = join(versions, name);
    if (!holds(join(target, FILE), code)) install(bundle, target);
    utimesSync(target, new Date(), new Date());
    removeOld(versions, name);
    return ok(join(target, FILE));
  } catch (error) {
    return diskFailure(target, error);
  }
}

/** Whether the copy is whole: compared with what runs now, not only by its name. */
function holds(path: string, code: Buffer): boolean {
  try {
    return readFileSync(path).equals(code);
  } catch {
    return false;
  }
}

/** The folder appears whole by a rename; whoever comes second finds it there. */
function install(bundle: string, target: string): void {
  const own = `${target}.${crypto().randomBytes(6).toString("hex")}.new`;
  mkdirSync(own, { mode: 0o700 });
  try {
    copyFileSync(bundle, join(own, FILE));
    try {
      renameSync(own, target);
    } catch {
      // The folder is there: made by another process just now (then this changes nothing), or damaged (then it heals).
      renameSync(join(own, FILE), join(target, FILE));
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function removeOld(versions: string, current: string): void {
  const used = readdirSync(versions)
    .filter((name) => name !== current)
    .map((name) => ({ path: join(versions, name), at: usedAt(join(versions, name)) }))
    .sort((a, b) => b.at - a.at);
  for (const { path, at } of used.slice(KEPT - 1)) {
    if (Date.now() - at > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}

function usedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
