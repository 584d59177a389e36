// Turns a file system error into one sentence.
import type { Failure } from "@agora/protocol";
import { fail } from "./result.ts";

/** The error's code (`ENOENT`), or "" if it has none. */
export function errorWord(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** What to do where writing is forbidden. A sandbox gives the same errors as a wrong owner or a bad disk. */
export function readOnlyAdvice(word: "EACCES" | "EPERM" | "EROFS"): string {
  const elsewhere = word === "EROFS" ? "its disk is mounted read-only" : "check who owns it";
  return `in a sandbox (an agent's shell) run the command outside of it, elsewhere ${elsewhere}`;
}

/** The failure to read or write `path`. */
export function diskFailure(path: string, error: unknown): Failure<"disk"> {
  const word = errorWord(error);
  switch (word) {
    case "ENOSPC":
    case "EDQUOT":
      return fail("disk", `The disk is full: ${path} was not written, nothing else was changed.`);
    case "EACCES":
    case "EPERM":
      return fail("disk", `${path} can't be read or written by this user: ${readOnlyAdvice(word)}.`);
    case "EROFS":
      return fail("disk", `${path} can only be read: ${readOnlyAdvice(word)}.`);
    case "EMFILE":
    case "ENFILE":
      return fail("disk", `Too many files are open: ${path} can't be opened now, try again.`);
    case "ENOTDIR":
    case "EEXIST":
      return fail("disk", `A part of ${path} is not a folder: move it away.`);
    default:
      return fail(
        "disk",
        `${path} can't be used: ${word || (error instanceof Error ? error.message : "unknown error")}.`,
      );
  }
}
