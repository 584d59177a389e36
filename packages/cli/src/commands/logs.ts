// `agora logs [-f]`: the log of the project's daemon.
import { closeSync, constants, fstatSync, readSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openOwnFile } from "@agora/ports";
import { fail, harmlessLine, ok, type Result } from "@agora/protocol";
import { leaveWithParent } from "../leave-with-parent.ts";
import { findProjectPath } from "../command-context.ts";
import { terminalHome } from "../terminal-home.ts";
import { type ExitCode, print, printFailure, type Start } from "../terminal.ts";

export interface LogsFlags {
  readonly follow?: boolean;
  readonly lines?: string;
  readonly json?: boolean;
  readonly project?: string;
}

const POLL_MS = 300;
/** A daemon starts its log anew at 2 MB. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_LINE = 500;

/** Prints the newest lines; with `follow`, goes on until interrupted. */
export async function logs(start: Start, flags: LogsFlags): Promise<ExitCode> {
  const json = flags.json === true;
  const count = Number(flags.lines ?? 50);
  if (!Number.isSafeInteger(count) || count < 0)
    return printFailure(fail("usage", "--lines takes a whole number."), json);
  const home = terminalHome(start);
  if (!home.ok) return printFailure(home, json);
  const place = findProjectPath(start, home.value, flags.project);
  if (!place.ok) return printFailure(place, json);
  const path = join(place.value.path, ".agora", "daemon.log");
  const first = readFrom(path, 0);
  if (!first.ok) return printFailure(first, json);
  const lines = first.value.text.split("\n").filter((line) => line !== "");
  print(...lines.slice(count === 0 ? lines.length : -count).map((line) => (json ? line : shown(line))));
  if (flags.follow !== true) return 0;
  leaveWithParent();
  let seen: Seen = first.value;
  for (;;) {
    await sleep(POLL_MS);
    const more = readFrom(path, seen.end, seen.ino);
    if (!more.ok) continue; // in between two logs, while it starts a new one
    seen = more.value;
    print(
      ...seen.text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => (json ? line : shown(line))),
    );
  }
}

/** Complete lines of a log, and where they end. */
interface Seen {
  readonly text: string;
  readonly end: number;
  readonly ino: number;
}

/** What follows `from` in the same file; in a different file, everything. Follows no link and never blocks. */
function readFrom(path: string, from: number, known?: number): Result<Seen> {
  let file: number;
  try {
    file = openOwnFile(path, constants.O_RDONLY);
  } catch {
    return fail("no-log", `There is no log at ${path}: a daemon that was started here writes one (agora start).`);
  }
  try {
    const { size, ino } = fstatSync(file);
    const begin = (known === undefined || known === ino) && from <= size ? from : 0;
    const bytes = Buffer.alloc(Math.min(size - begin, MAX_BYTES));
    const read = readSync(file, bytes, 0, bytes.length, Math.max(begin, size - MAX_BYTES));
    const whole = bytes.subarray(0, read).lastIndexOf(0x0a) + 1;
    return ok({ text: bytes.subarray(0, whole).toString("utf8"), end: Math.max(begin, size - MAX_BYTES) + whole, ino });
  } finally {
    closeSync(file);
  }
}

/** `time level event key=value …` */
function shown(line: string): string {
  try {
    const { at, level, event, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const facts = Object.entries(rest).map(
      ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    return harmlessLine([at, level, event, ...facts].map(String).join(" "), MAX_LINE);
  } catch {
    return harmlessLine(line, MAX_LINE);
  }
}
