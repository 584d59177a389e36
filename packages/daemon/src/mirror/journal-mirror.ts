// The newest lines of a journal in the project's folder, for `cat` and `jq`: its newest segment, and the one before. Nobody
// reads them back, so any damage is repaired from the journal in the home and nothing is lost.
import { closeSync, constants, lstatSync, readdirSync, readFileSync, renameSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import { isOwnFile, openOwnFile } from "@agora/ports";
import { compareFile, type FileIdentity, identityOf } from "./identity.ts";
import { putFile } from "./put-file.ts";
import { seenBytes } from "./seen-bytes.ts";
import { setAside } from "./set-aside.ts";

const APPEND = constants.O_WRONLY | constants.O_APPEND;
/** If there are more new segments than this between two writes, they are copied from the journal. */
const MOST_SEGMENTS = 2;

export interface JournalMirror {
  /** Takes a line that the journal has; it is written at the next `flush`. */
  line(line: Buffer, offset: number): void;
  /** Writes what was taken. Throws when it can't; the next `check` repairs it. */
  flush(): void;
  /** Checks that the file is still as we left it, and rewrites it otherwise. Throws when it can't. */
  check(): void;
  close(): void;
}

/** `told` is called for each foreign thing that was moved aside. */
export function createJournalMirror(options: {
  /** Where the journal is, and its name. */
  readonly memory: string;
  readonly name: string;
  /** Where its lines are shown. */
  readonly folder: string;
  readonly told: (what: string, aside: string) => void;
}): JournalMirror {
  const { memory, name, told } = options;
  const source = join(memory, `${name}.jsonl`);
  const path = join(options.folder, `${name}.jsonl`);
  const older = join(options.folder, `${name}.1.jsonl`);
  let fd: number | undefined;
  let known: FileIdentity | undefined;
  /** Lines to write, by segment: more than one list if the journal began a new segment meanwhile. */
  let waiting: Buffer[][] = [[]];

  const close = (): void => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
    known = undefined;
  };
  const clear = (what: string): void => {
    const aside = setAside(what);
    if (aside !== undefined) told(basename(what), aside);
  };
  const open = (): void => {
    fd = openOwnFile(path, APPEND);
    known = identityOf(fd);
  };
  /** Shows the segment before the newest if it isn't shown yet; once there, it isn't checked again. */
  const showOlder = (): void => {
    const stat = lstatSync(older, { throwIfNoEntry: false });
    if (stat !== undefined && isOwnFile(stat)) return;
    if (stat !== undefined) clear(older);
    const last = readdirSync(memory)
      .filter((file) => file.startsWith(`${name}-`) && file.endsWith(".jsonl"))
      .sort()
      .at(-1);
    if (last !== undefined) putFile(older, seenBytes(readFileSync(join(memory, last))));
  };
  const restore = (): void => {
    close();
    waiting = [[]];
    putFile(path, seenBytes(readFileSync(source)));
    showOlder();
    open();
  };
  /** At startup: continues the previous daemon's file if it matches the journal up to there. */
  const resume = (): void => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return restore();
    if (isOwnFile(stat)) {
      const missing = linesAfter(path, source);
      if (missing === "as-before") return restore();
      if (missing !== undefined) {
        waiting = [[]];
        open();
        append([missing]);
        return showOlder();
      }
    }
    clear(path);
    restore();
  };
  const append = (lines: readonly Buffer[]): void => {
    const bytes = lines.length === 1 ? lines[0]! : Buffer.concat(lines);
    if (bytes.length === 0) return;
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(fd!, bytes, done);
      known = identityOf(fd!);
    } catch (error) {
      close(); // what was written is right, and the rest will be found missing
      throw error;
    }
  };
  const rotate = (): void => {
    close();
    const stat = lstatSync(older, { throwIfNoEntry: false });
    if (stat !== undefined && !isOwnFile(stat)) clear(older);
    renameSync(path, older);
    putFile(path, "");
    open();
  };
  const check = (): void => {
    if (known === undefined) return resume();
    const is = compareFile(path, known);
    if (is === "ours" && waiting.length <= MOST_SEGMENTS) return;
    close();
    if (is === "foreign") clear(path);
    restore();
  };
  return {
    line(line, offset) {
      if (offset === 0 && waiting.length <= MOST_SEGMENTS) waiting.push([]);
      waiting.at(-1)!.push(seenBytes(line));
    },
    flush() {
      if (waiting.length === 1 && waiting[0]!.length === 0) return;
      if (known === undefined || waiting.length > MOST_SEGMENTS || compareFile(path, known) !== "ours") return check();
      const [rest = [], ...news] = waiting;
      waiting = [[]];
      append(rest);
      for (const lines of news) {
        if (known.size > 0) rotate();
        append(lines);
      }
    },
    check,
    close,
  };
}

/**
 * What the journal has beyond the mirror's end; undefined if the mirror isn't a prefix of the journal; `as-before` if it is
 * one as written by a version without escapes.
 */
function linesAfter(path: string, source: string): Buffer | "as-before" | undefined {
  const fd = openOwnFile(path, constants.O_RDONLY);
  try {
    const shown = readFileSync(fd);
    const truth = readFileSync(source);
    const seen = seenBytes(truth);
    if (isBeginning(shown, seen)) return seen.subarray(shown.length);
    return isBeginning(shown, truth) ? "as-before" : undefined;
  } finally {
    closeSync(fd);
  }
}

function isBeginning(shown: Buffer, of: Buffer): boolean {
  return shown.length <= of.length && shown.equals(of.subarray(0, shown.length));
}
