// What the sources give, built once and kept for all who test it: the two plugins with their marketplaces, and the relay's one
// file, in a cache folder named by the hash of the sources. Several test runs may ask at once.
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative, sep } from "node:path";

const ROOT = join(import.meta.dirname, "..");
/** Everything that a bundle is made of, from the root. */
const SOURCES = ["packages", "relay-server", "scripts", "pnpm-lock.yaml", ".agents", ".claude-plugin"];
/** What is copied as it is: a marketplace of each client, and the plugins. */
const COPIED = [".agents", ".claude-plugin", "packages/claude-code", "packages/codex"];
/** What is installed, built or a test: none of it gets into a bundle. */
const LEFT_OUT = /^(node_modules|dist|test|vectors|relay\.mjs|.*\.test\.ts)$/;
/** Builds kept, last used first; one that was used within the time that a run may take is kept whatever the number. */
const KEPT = 8;
const KEPT_MS = 2 * 3_600_000;

/** The folder with what the sources give, laid out as the repository is; builds it unless it is there. */
export async function builtOnce(): Promise<string> {
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "agora-built");
  const folder = join(cache, hashOfSources());
  mkdirSync(cache, { recursive: true });
  if (!touch(folder)) await buildInto(folder);
  removeOld(cache);
  return folder;
}

function removeOld(cache: string): void {
  const builds = readdirSync(cache)
    .map((name) => ({ path: join(cache, name), at: usedAt(join(cache, name)) }))
    .sort((a, b) => b.at - a.at);
  for (const { path, at } of builds.slice(KEPT))
    if (Date.now() - at > KEPT_MS) rmSync(path, { recursive: true, force: true });
}

/** The folder appears whole, by a rename; whoever comes second takes what is there. */
async function buildInto(folder: string): Promise<void> {
  const own = `${folder}.${randomUUID()}`;
  try {
    const filter = (path: string): boolean => !LEFT_OUT.test(path.split(sep).at(-1)!);
    for (const name of COPIED) cpSync(join(ROOT, name), join(own, name), { recursive: true, filter });
    await build(own);
    try {
      renameSync(own, folder);
    } catch (error) {
      if (!touch(folder)) throw error;
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** In a process of its own: the bundler of the page would take a test runner's settings for its own. */
function build(out: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const words = [join(import.meta.dirname, "build.ts"), "--out", out];
    const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`the bundles can't be built: ${said}`))));
  });
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  const take = (path: string): void => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!LEFT_OUT.test(name)) take(join(path, name));
      return;
    }
    const bytes = readFileSync(path);
    hash.update(`${relative(ROOT, path)}\0${bytes.length}\0`).update(bytes);
  };
  for (const name of SOURCES) take(join(ROOT, name));
  return hash.digest("hex").slice(0, 16);
}

/** Notes that a build is used; whether it is there. */
function touch(folder: string): boolean {
  try {
    utimesSync(folder, new Date(), new Date());
    return true;
  } catch {
    return false;
  }
}

function usedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return Date.now(); // another run removed it just now
  }
}
