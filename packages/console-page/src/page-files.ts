// The built page, by file name. When running from sources it is read from the build folder; a bundle contains the files, in
// a module that replaces this one (scripts/build.ts).
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const DIST = join(import.meta.dirname, "../../console/dist");

/** All files, as text. */
export function pageFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(DIST).map((name) => [name, readFileSync(join(DIST, name), "utf8")]));
}
