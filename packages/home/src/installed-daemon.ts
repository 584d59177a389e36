// The daemon's own copies of the code. It is launched from here, not from a client's plugin cache, which an update removes;
// and the newest copy is launched, whoever asks: a session that keeps an older plugin does not bring its daemon back.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Result } from "@agora/protocol";
import { crypto } from "./crypto.ts";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { diskFailure } from "./disk-failure.ts";
import { fail, ok } from "./result.ts";
import { compareVersions, isNewer } from "./version-order.ts";

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
    const name = `${version.replaceAll(/[^\w.+-]/g, "_")}-${digestOf(code).slice(0, 8)}`;
    target = join(versions, name);
    if (!holds(join(target, FILE), code)) install(bundle, target);
    utimesSync(target, new Date(), new Date());
    removeOld(versions, name, version);
    return ok(join(target, FILE));
  } catch (error) {
    return diskFailure(target, error);
  }
}

/** A copy that can be launched. */
export interface DaemonCode {
  readonly path: string;
  readonly version: string;
}

/**
 * What to launch a daemon from, best first: the newest copy when one is newer than the caller's own bundle, then a copy of
 * that bundle. A bundle that is gone (its client was updated meanwhile) leaves the copies alone.
 */
export async function daemonCode(
  home: Home,
  bundle: string,
  version: string,
): Promise<Result<readonly DaemonCode[], HomeCode>> {
  const own = await installedDaemon(home, bundle, version);
  if (own.ok && own.value === bundle) return ok([{ path: bundle, version }]);
  const copies = listCopies(join(home.path, "versions"));
  if (!own.ok) {
    const newest = copies.find(isWhole);
    return newest === undefined ? own : ok([newest]);
  }
  const mine = { path: own.value, version };
  const newer = copies.find((copy) => isNewer(copy.version, version) && isWhole(copy));
  if (newer === undefined) return ok([mine]);
  try {
    utimesSync(dirname(newer.path), new Date(), new Date());
  } catch (error) {
    return fail("disk", `${newer.path} can't be used (${error instanceof Error ? error.message : String(error)}).`);
  }
  return ok([newer, mine]);
}

/** All copies, newest version first; of one version the one used last. */
function listCopies(versions: string): readonly DaemonCode[] {
  let names: readonly string[];
  try {
    names = readdirSync(versions);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => {
      const version = /^(.+)-[0-9a-f]{8}$/.exec(name)?.[1];
      const folder = join(versions, name);
      return version === undefined ? [] : [{ path: join(folder, FILE), version, at: usedAt(folder) }];
    })
    .sort((a, b) => compareVersions(b.version, a.version) || b.at - a.at);
}

/** Whether the copy is what its folder's name says. */
function isWhole({ path }: DaemonCode): boolean {
  try {
    return dirname(path).endsWith(`-${digestOf(readFileSync(path)).slice(0, 8)}`);
  } catch {
    return false;
  }
}

function digestOf(code: Buffer): string {
  return crypto().createHash("sha256").update(code).digest("hex");
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

function removeOld(versions: string, current: string, version: string): void {
  const newer = new Set(
    listCopies(versions)
      .filter((copy) => isNewer(copy.version, version))
      .map(({ path }) => path),
  );
  const used = readdirSync(versions)
    .filter((name) => name !== current && !newer.has(join(versions, name, FILE)))
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
