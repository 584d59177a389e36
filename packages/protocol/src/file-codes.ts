// Why a transfer of a file was refused, as a word, and whether the same file may be asked for or sent again.
import type { Retry } from "./close-codes.ts";

/** Every word of a `file` frame's `code`; an unknown one counts as `later`. [FILE-9] */
export const FILE_CODES = {
  /** The author never offered it to this member. */
  foreign: "never",
  /** The author has the bytes no more. */
  gone: "never",
  /** What came is not what was offered. */
  hash: "never",
  /** The person does not want it. */
  rejected: "never",
  /** The author serves others just now. */
  busy: "yes",
  /** The receiver waits for its person's word. */
  accept: "later",
  /** Larger than this side takes. */
  size: "later",
  /** The receiver's folder for files is full. */
  quota: "later",
  /** The receiver's disk is full, or fails. */
  disk: "later",
} as const satisfies Record<string, Retry>;

export type FileCode = keyof typeof FILE_CODES;

/** Whether the receiver may ask again after it was refused with this word. */
export function mayAskAgain(code: string): boolean {
  return !Object.hasOwn(FILE_CODES, code) || FILE_CODES[code as FileCode] !== "never";
}
