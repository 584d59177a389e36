// The format version of `.agora`. It rises with every change that an earlier daemon would misread (a new kind of record with
// a meaning, a changed checkpoint). A daemon that finds a higher version than its own touches nothing; a lower one is read
// by that version's rules. A folder without a version has version 1.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, ok, type Result } from "@agora/protocol";
import { FORMAT } from "@agora/member";

/** Whether this code may read the folder; refuses one written by a newer version. */
export function checkFormats(folder: string): Result<void, "disk"> {
  for (const file of ["room.json", "checkpoint.json"]) {
    const v = versionOf(join(folder, file));
    if (v !== undefined && v > FORMAT) return newerFormat(folder, v);
  }
  return ok(undefined);
}

function newerFormat(folder: string, v: number): ReturnType<typeof fail<"disk">> {
  return fail(
    "disk",
    `What lies in ${folder} was written by a newer agora (format ${v}, this one reads up to ${FORMAT}): update this agora.`,
  );
}

/** The version in a file; undefined if there is no file or no sensible content, which is reported elsewhere. */
function versionOf(path: string): number | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value !== "object" || value === null || !("v" in value)) return undefined;
    return typeof value.v === "number" ? value.v : undefined;
  } catch {
    return undefined;
  }
}
