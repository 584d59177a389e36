// Keeps the home's copy of this program (made by `agora install shell` and `install codex`) up to date: a daemon launched
// from a newer copy renews it. Both must be in the home's list of program copies, with their hashes: an unlisted file is
// neither used nor replaced.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Home, isNewer, listedCopies } from "@agora/user-config";
import { replaceFile } from "@agora/ports/replace-file";

/** Hands over to the executable beside it: a quick half of another version must not run before it. */
const QUICK = 'import("./agora.mjs");\n';

/** Renews the kept copy when the running `entry` is a listed copy of a newer version. True when it did; never throws. */
export function renewKept(home: Home, entry: string, version: string): boolean {
  try {
    const kept = join(home.path, "bin", "agora.mjs");
    if (dirname(dirname(entry)) !== join(home.path, "versions")) return false;
    const digest = digestOf(readFileSync(kept)); // most homes have none, and are done here
    const code = readFileSync(entry);
    const copies = listedCopies(home);
    const own = digestOf(code);
    const now = copies.find(({ sha256 }) => sha256 === own);
    const before = copies.find(({ sha256 }) => sha256 === digest);
    if (now?.version !== version || before === undefined || !isNewer(version, before.version)) return false;
    const quick = join(dirname(kept), "quick.cjs");
    // The quick one first: it works with any executable beside it.
    if (existsSync(quick)) replaceFile(quick, QUICK);
    replaceFile(kept, code.toString("utf8"));
    return true;
  } catch {
    return false; // there is no kept copy, or the disk is full: then it stays as it is
  }
}

function digestOf(code: Buffer): string {
  return createHash("sha256").update(code).digest("hex");
}
