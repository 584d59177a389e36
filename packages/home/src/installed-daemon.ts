// Our own copies of the daemon's code. Daemons are launched from here, not from a client's plugin cache, which updates
// delete; and the newest copy is launched whoever asks: a session with an older plugin doesn't bring its old daemon back.
// Only copies listed by one of this user's programs, with the hash of their bytes, are launched.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Result } from "@agora/protocol";
import { accountHome } from "./accepted-home.ts";
import { crypto } from "./crypto.ts";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { diskFailure } from "./disk-failure.ts";
import { isMarked } from "./home-mark.ts";
import { listCopy, listedCopies, type ProgramCopy } from "./program-copies.ts";
import { fail, ok } from "./result.ts";
import { compareVersions, isNewer } from "./version-order.ts";

const FILE = "agora.mjs";
/** How many copies are kept at least, most recently used first. */
const KEPT = 3;
/** A copy used within this time is never removed, however many there are. */
const KEPT_MS = 14 * 24 * 3_600_000;

/**
 * Copies the bundle to `<home>/versions/<version>-<hash8>/agora.mjs` once and returns that path; a `.ts` entry is returned
 * unchanged. Copies unused for two weeks are removed, except the newest few. (Node has read a running daemon's one file
 * completely, so removing it does no harm.)
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
    const sha256 = digestOf(code);
    const name = `${version.replaceAll(/[^\w.+-]/g, "_")}-${sha256.slice(0, 8)}`;
    target = join(versions, name);
    if (!holds(join(target, FILE), code)) install(code, target);
    utimesSync(target, new Date(), new Date());
    removeOld(home, name, version);
    const listed = await listCopy(home, { name, version, sha256 }, (other) => existsSync(join(versions, other)));
    return listed.ok ? ok(join(target, FILE)) : listed;
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
 * What to launch a daemon from, best first: the newest copy if it is newer than the caller's own bundle, then a copy of that
 * bundle. If the bundle is gone (its client was updated meanwhile), only the copies remain.
 */
export async function daemonCode(
  home: Home,
  bundle: string,
  version: string,
): Promise<Result<readonly DaemonCode[], HomeCode>> {
  const own = await installedDaemon(home, bundle, version);
  if (own.ok && own.value === bundle) return ok([{ path: bundle, version }]);
  const copies = launchable(home);
  if (!own.ok) {
    const newest = copies.find(isWhole);
    return newest === undefined ? own : ok([{ path: newest.path, version: newest.version }]);
  }
  const mine = { path: own.value, version };
  const newer = copies.find((copy) => isNewer(copy.version, version) && isWhole(copy));
  if (newer === undefined) return ok([mine]);
  try {
    utimesSync(dirname(newer.path), new Date(), new Date());
  } catch (error) {
    return fail("disk", `${newer.path} can't be used (${error instanceof Error ? error.message : String(error)}).`);
  }
  return ok([{ path: newer.path, version: newer.version }, mine]);
}

/** A listed copy and its path. */
interface Listed extends DaemonCode, ProgramCopy {}

/** All listed copies, newest version first; within a version, most recently used first. An unmarked home lists none. */
function launchable(home: Home): readonly Listed[] {
  if (home.path !== accountHome().path && !isMarked(home)) return [];
  return listedCopies(home)
    .map((copy) => ({ ...copy, path: join(home.path, "versions", copy.name, FILE) }))
    .map((copy) => ({ ...copy, at: usedAt(dirname(copy.path)) }))
    .sort((a, b) => compareVersions(b.version, a.version) || b.at - a.at);
}

/** Whether the copy's bytes are those that were listed. */
function isWhole({ path, sha256 }: Listed): boolean {
  try {
    return digestOf(readFileSync(path)) === sha256;
  } catch {
    return false;
  }
}

function digestOf(code: Buffer): string {
  return crypto().createHash("sha256").update(code).digest("hex");
}

/** Whether the copy is intact: compared with the running code, not just by name. */
function holds(path: string, code: Buffer): boolean {
  try {
    return readFileSync(path).equals(code);
  } catch {
    return false;
  }
}

/** The folder appears complete, by a rename; whoever comes second finds it there. */
function install(code: Buffer, target: string): void {
  const own = `${target}.${crypto().randomBytes(6).toString("hex")}.new`;
  mkdirSync(own, { mode: 0o700 });
  try {
    writeFileSync(join(own, FILE), code, { flag: "wx", mode: 0o600 });
    try {
      renameSync(own, target);
    } catch {
      // The folder exists: another process just made it (then this changes nothing), or it is damaged (then this repairs
      // it).
      renameSync(join(own, FILE), join(target, FILE));
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function removeOld(home: Home, current: string, version: string): void {
  const versions = join(home.path, "versions");
  const newer = new Set(
    launchable(home)
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
