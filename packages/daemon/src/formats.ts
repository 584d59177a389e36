// The version of what lies in `.agora`. It rises with every change that a daemon before it would misread (a new kind of record
// that means something, another shape of the checkpoint). Who finds a higher one than its own touches nothing; a lower one is
// read by the rules of that version. A folder without a version is of version 1.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, ok, type Result } from "@agora/protocol";
import { FORMAT } from "@agora/member";

/** Whether this code may read the folder; refuses one that a newer version has written. */
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

/** The version a file tells; undefined when there is no file or no sense in it, which others complain about. */
function versionOf(path: string): number | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value !== "object" || value === null || !("v" in value)) return undefined;
    return typeof value.v === "number" ? value.v : undefined;
  } catch {
    return undefined;
  }
}
