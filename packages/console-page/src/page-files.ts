// The built page, by file name. From sources it is read from the folder it was built into; a bundle holds the files itself
// and has another module in this one's place (scripts/build.ts).
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const DIST = join(import.meta.dirname, "../../console/dist");

/** All files, as texts. */
export function pageFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(DIST).map((name) => [name, readFileSync(join(DIST, name), "utf8")]));
}
