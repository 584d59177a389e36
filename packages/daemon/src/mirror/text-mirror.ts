// A small file of the project's folder that is written as a whole: the list of members, the mark, the ignore file.
import { lstatSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { isOwnFile } from "@agora/ports";
import { compareFile, type FileIdentity } from "./identity.ts";
import { putFile } from "./put-file.ts";
import { setAside } from "./set-aside.ts";

/** A longer file isn't examined. */
const MOST_BYTES = 4 * 1024;

export interface TextMirror {
  /** Writes the text if it isn't already there; throws when it can't. */
  put(text: string): void;
  /** Checks that the file is still as we left it, and rewrites it otherwise. Throws when it can't. */
  check(): void;
}

/** `told` is called for each foreign thing that was moved aside. A text that `isFine` accepts is left as it is. */
export function createTextMirror(options: {
  readonly path: string;
  readonly told: (what: string, aside: string) => void;
  readonly isFine?: (text: string) => boolean;
}): TextMirror {
  const { path, told, isFine } = options;
  let text: string | undefined;
  let known: FileIdentity | undefined;

  /** Only a plain file of ours may be replaced; anything else belongs to somebody. */
  const clear = (isForeign: boolean): void => {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined || (isOwnFile(stat) && !isForeign)) return;
    const aside = setAside(path);
    if (aside !== undefined) told(basename(path), aside);
  };
  const isLeft = (): boolean => {
    if (isFine === undefined) return false;
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat !== undefined && isOwnFile(stat) && stat.size <= MOST_BYTES && isFine(readFileSync(path, "utf8"));
  };
  const write = (isForeign: boolean): void => {
    if (text === undefined || isLeft()) return;
    clear(isForeign);
    known = putFile(path, text);
  };
  return {
    put(next) {
      const is = known === undefined ? "gone" : compareFile(path, known);
      if (is === "ours" && next === text) return;
      text = next;
      write(is === "foreign");
    },
    check() {
      if (text === undefined || (known !== undefined && compareFile(path, known) === "ours")) return;
      write(known !== undefined);
    },
  };
}
