// Anything under one of our names in the project's folder that isn't ours is moved aside: never followed, never written
// through, and kept for the person to look at. Only the newest few are kept.
import { lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const KEPT = 16;
const MARK = ".not-ours-";

/**
 * Moves what is at `path` to `<path>.not-ours-<n>` and returns that name; undefined when nothing is there. Throws when it
 * can't.
 */
export function setAside(path: string): string | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const folder = dirname(path);
  const aside = readdirSync(folder)
    .flatMap((name) => {
      const n = /^.+\.not-ours-(\d{1,9})$/.exec(name)?.[1];
      return n === undefined ? [] : [{ name, n: Number(n) }];
    })
    .sort((a, b) => a.n - b.n);
  const name = `${basename(path)}${MARK}${(aside.at(-1)?.n ?? 0) + 1}`;
  renameSync(path, join(folder, name));
  for (const old of aside.slice(0, Math.max(0, aside.length + 1 - KEPT)))
    rmSync(join(folder, old.name), { recursive: true, force: true });
  return name;
}
