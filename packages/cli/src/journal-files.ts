// The files of a journal of what was said, oldest first, and their lines.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { RecordLine } from "@agora/member";

/** Full segments of a member's memory; in a project's `.agora` the older one is `history.1.jsonl`. */
const OLDER = /^history(?:-\d{15,16}|\.1)\.jsonl$/;
const NEWEST = "history.jsonl";

/** The journal's files in a folder; empty if there is none. */
export function journalFilesIn(folder: string): readonly string[] {
  if (!existsSync(join(folder, NEWEST))) return [];
  const older = readdirSync(folder).filter((name) => OLDER.test(name));
  return [...older.sort(), NEWEST].map((name) => join(folder, name));
}

/** The lines of these files, each with the place where it stands; an unfinished last line is still being written. */
export function* linesOf(files: readonly string[]): Iterable<RecordLine> {
  for (const file of files) {
    const lines = readFileSync(file, "utf8").split("\n");
    lines.pop();
    for (const [n, text] of lines.entries()) yield { where: `${basename(file)}:${n + 1}`, text };
  }
}

/** Whether the path is a folder; throws when nothing is there. */
export function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}
