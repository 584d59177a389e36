// What is kept of every file, one's own and others': a fold, bounded. How far a transfer is at the moment is not kept.
import type { FileState } from "@agora/ipc";
import { type Bounds, putBounded } from "../kernel/bounded.ts";

/** Who may ask for a file of our own: the member, under the key it was addressed by. */
export interface FileReader {
  readonly member: string;
  readonly key?: string;
}

/** One file by its offer. */
export interface FileRecord {
  readonly author: string;
  readonly thread: string;
  /** When the offer was written down, unix milliseconds. */
  readonly at: number;
  readonly file: FileState;
  /** Of a file of our own that was not offered to the whole room. */
  readonly to?: readonly FileReader[];
  /** Of a file of our own that was offered in a channel: to whoever is in it. */
  readonly channel?: string;
  /** The person wants it, whatever its size. */
  readonly accepted?: true;
  /** It was offered before this member came: never fetched by itself. */
  readonly old?: true;
}

export type Files = Record<string, FileRecord>;

/** What others offer takes no place of one's own files, nor what is done with of what still waits, nor one author's many of another's. */
const FILES: Bounds<FileRecord, "own" | "open" | "settled"> = {
  pools: {
    own: { most: 500, each: 500 },
    open: { most: 1_000, each: 250 },
    settled: { most: 500, each: 250 },
  },
  placeOf: (record) => ({
    pool: record.file.state === "sent" ? "own" : isSettled(record) ? "settled" : "open",
    filler: record.author,
  }),
};

/** Whether nothing more will become of a file. */
export function isSettled({ file, to }: FileRecord): boolean {
  if (file.state === "stored" || file.state === "failed") return true;
  return file.state === "sent" && to !== undefined && to.every(({ member }) => isServed(file, member));
}

/** Whether a recipient of a file of our own has it, or refused it for good. */
export function isServed(file: FileState, member: string): boolean {
  const state = file.recipients?.find((r) => r.member === member)?.state;
  return state === "done" || state === "refused";
}

/** Folds a record, in place. */
export function foldFile(files: Files, id: string, record: FileRecord): void {
  putBounded(files, id, record, FILES);
}
