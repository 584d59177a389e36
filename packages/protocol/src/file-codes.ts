// Why a file transfer was refused, and whether the same file may be requested or sent again.
import type { Retry } from "./close-codes.ts";

/** Every value of a `file` frame's `code`; an unknown one counts as `later`. [FILE-9] */
export const FILE_CODES = {
  /** The author never offered it to this member. */
  foreign: "never",
  /** The author no longer has the bytes. */
  gone: "never",
  /** The bytes that came aren't the ones offered. */
  hash: "never",
  /** The person doesn't want it. */
  rejected: "never",
  /** The author is busy serving others. */
  busy: "yes",
  /** The receiver is waiting for its person's decision. */
  accept: "later",
  /** Larger than this side accepts. */
  size: "later",
  /** The receiver's folder for files is full. */
  quota: "later",
  /** The receiver's disk is full or failing. */
  disk: "later",
} as const satisfies Record<string, Retry>;

export type FileCode = keyof typeof FILE_CODES;

/** Whether the receiver may ask again after a refusal with this code. */
export function mayAskAgain(code: string): boolean {
  return !Object.hasOwn(FILE_CODES, code) || FILE_CODES[code as FileCode] !== "never";
}
