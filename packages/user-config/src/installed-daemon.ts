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

/** The whole executable, by which a copy is known, and the part of it that a daemon runs: half to read, quicker to start. */
const FILE = "agora.mjs";
const DAEMON = "daemon.cjs";
/** How many copies are kept at least, most recently used first. */
const KEPT = 3;
/** A copy used within this time is never removed, however many there are. */
const KEPT_MS = 14 * 24 * 3_600_000;

/**
 * Copies the bundle to `<home>/versions/<version>-<hash8>/agora.mjs` once, and the `daemon.cjs` beside it; returns the path
 * of what a daemon is launched from. A `.ts` entry is returned unchanged. Copies unused for two weeks are removed, except the
 * newest few. (Node has read a running daemon's one file completely, so removing it does no harm.)
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
    const part = readIfThere(join(dirname(bundle), DAEMON));
    const files: [string, Buffer][] = [
      [FILE, code],
      ...(part === undefined ? [] : [[DAEMON, part] as [string, Buffer]]),
    ];
    const missing = files.filter(([file, bytes]) => !readIfThere(join(target, file))?.equals(bytes));
    if (missing.length > 0) install(missing, target);
    utimesSync(target, new Date(), new Date());
    removeOld(home, name, version);
    const copy = { name, version, sha256, ...(part === undefined ? {} : { daemon: digestOf(part) }) };
    const listed = await listCopy(home, copy, (other) => existsSync(join(versions, other)));
    if (!listed.ok) return listed;
    const own = listedCopies(home).find((one) => one.name === name);
    return ok((own === undefined ? undefined : launchPath(home, own)) ?? join(target, FILE));
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
    const newest = firstWhole(home, copies);
    return newest === undefined ? own : ok([newest]);
  }
  const mine = { path: own.value, version };
  const newer = firstWhole(
    home,
    copies.filter((copy) => isNewer(copy.version, version)),
  );
  if (newer === undefined) return ok([mine]);
  try {
    utimesSync(dirname(newer.path), new Date(), new Date());
  } catch (error) {
    return fail("disk", `${newer.path} can't be used (${error instanceof Error ? error.message : String(error)}).`);
  }
  return ok([newer, mine]);
}

/** The first of some copies whose bytes are those that were listed. */
function firstWhole(home: Home, copies: readonly ProgramCopy[]): DaemonCode | undefined {
  for (const copy of copies) {
    const path = launchPath(home, copy);
    if (path !== undefined) return { path, version: copy.version };
  }
  return undefined;
}

/** All listed copies, newest version first; within a version, most recently used first. An unmarked home lists none. */
function launchable(home: Home): readonly ProgramCopy[] {
  if (home.path !== accountHome().path && !isMarked(home)) return [];
  return listedCopies(home)
    .map((copy) => ({ copy, at: usedAt(folderOf(home, copy)) }))
    .sort((a, b) => compareVersions(b.copy.version, a.copy.version) || b.at - a.at)
    .map(({ copy }) => copy);
}

function folderOf(home: Home, { name }: ProgramCopy): string {
  return join(home.path, "versions", name);
}

/** What to launch of a copy: one of its two files whose bytes are those that were listed; undefined if neither is. */
function launchPath(home: Home, copy: ProgramCopy): string | undefined {
  const files = [
    { path: join(folderOf(home, copy), DAEMON), sha256: copy.daemon },
    { path: join(folderOf(home, copy), FILE), sha256: copy.sha256 },
  ];
  return files.find(({ path, sha256 }) => {
    const bytes = sha256 === undefined ? undefined : readIfThere(path);
    return bytes !== undefined && digestOf(bytes) === sha256;
  })?.path;
}

function digestOf(code: Buffer): string {
  return crypto().createHash("sha256").update(code).digest("hex");
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** The folder appears complete, by a rename; whoever comes second finds it there. */
function install(files: readonly (readonly [string, Buffer])[], target: string): void {
  const own = `${target}.${crypto().randomBytes(6).toString("hex")}.new`;
  mkdirSync(own, { mode: 0o700 });
  try {
    for (const [file, bytes] of files) writeFileSync(join(own, file), bytes, { flag: "wx", mode: 0o600 });
    try {
      renameSync(own, target);
    } catch {
      // The folder exists: another process just made it (then this changes nothing), or it is damaged (then this repairs
      // it).
      for (const [file] of files) renameSync(join(own, file), join(target, file));
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
      .map(({ name }) => name),
  );
  const used = readdirSync(versions)
    .filter((name) => name !== current && !newer.has(name))
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
