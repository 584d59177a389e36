// Finds the source files of the workspace, for tests that read code as text.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, "..");

const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "dist", "vectors"]);

/** The files under `folder` (from the root) for which `wanted` holds, as paths from the root with `/`. */
export function filesUnder(folder: string, wanted: (path: string) => boolean): string[] {
  const found: string[] = [];
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !entry.name.startsWith(".")) visit(path);
      } else if (wanted(entry.name)) found.push(relative(ROOT, path).split(sep).join("/"));
    }
  };
  if (existsSync(join(ROOT, folder))) visit(join(ROOT, folder));
  return found.sort();
}

/** The text of a file, by its path from the root. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The folders of the workspace's packages that users run, from the root. */
export function packageFolders(): string[] {
  const packages = readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}`);
  return [...packages, "relay-server"].filter((folder) => existsSync(join(ROOT, folder, "package.json")));
}
