// Where a project ends: at the git top level, and never at a folder that contains more than one project.
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, parse, resolve, sep } from "node:path";
import { userFolder } from "./user-folder.ts";

/** `path` and all folders above it, nearest first. */
export function ancestors(path: string): readonly string[] {
  const dirs = [path];
  for (let dir = path; dirname(dir) !== dir; dir = dirname(dir)) dirs.push(dirname(dir));
  return dirs;
}

/**
 * Whether a folder contains more than a project: the root, a folder of all users' folders, the user's own, those above it,
 * and folders for temporary files. Starting there would take in every repository below.
 */
export function isTooWide(path: string): boolean {
  return wideFolders().has(path);
}

function wideFolders(): ReadonlySet<string> {
  const account = userFolder({});
  const root = parse(process.cwd()).root;
  return new Set([
    root,
    ...["/home", "/Users", "/tmp", "/private/tmp", "/var/tmp", "/private/var/tmp"],
    resolve(tmpdir()),
    userFolder(process.env),
    ...ancestors(account),
  ]);
}

/** The git top level around `path`. `.git` is a folder, or a file in a worktree or submodule. */
export function gitTop(path: string): string | undefined {
  return ancestors(path).find((dir) => existsSync(join(dir, ".git")));
}

/**
 * The folders in which a listed project may contain `path`: up to the git top level. A worktree or submodule whose git
 * folder lies in a repository above belongs to that repository: the search then continues to its top.
 */
export function reachOf(path: string): readonly string[] {
  const dirs = ancestors(path);
  for (const [at, dir] of dirs.entries()) {
    const dot = join(dir, ".git");
    if (!existsSync(dot)) continue;
    const owner = partOf(dir, dot);
    if (owner === undefined || !dirs.includes(owner)) return dirs.slice(0, at + 1);
  }
  return dirs;
}

/** The repository that the folder of a `.git` file belongs to. */
function partOf(dir: string, dot: string): string | undefined {
  try {
    if (!lstatSync(dot).isFile()) return undefined;
    const told = /^gitdir: (.{1,4096})$/m.exec(readFileSync(dot, "utf8").slice(0, 5_000))?.[1];
    if (told === undefined) return undefined;
    const parts = resolve(dir, told.trim()).split(sep);
    const git = parts.lastIndexOf(".git");
    return git > 0 ? parts.slice(0, git).join(sep) || sep : undefined;
  } catch {
    return undefined;
  }
}
