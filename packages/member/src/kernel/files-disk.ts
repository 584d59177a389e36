// Where the files of a room lie, as sending and receiving need it: copies of what was sent, parts of what is coming in, and
// what has come. A project's folder is one such place; a browser's database another.
import type { Log } from "@agora/ports";
import type { Result } from "@agora/protocol";

/** What identifies a received file. */
export interface Received {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/** Which copies somebody still waits for: `owed` must stay, `open` may go when there is no room. */
export interface Needed {
  readonly owed: ReadonlySet<string>;
  readonly open: ReadonlySet<string>;
}

export interface FilesDisk {
  /** Finds a file that is to be sent: its name for others, and the path that `prepare` takes. */
  find(path: string, byAgent: boolean): Promise<Result<{ readonly name: string; readonly path: string }, "bad-file">>;
  copies(options: { readonly quotaBytes: () => number; readonly needed: () => Needed; readonly log: Log }): Copies;
  readonly received: ReceivedFiles;
}

/** Files of others: parts by the id of their offer, whole ones by their content. */
export interface ReceivedFiles {
  /** Where this very content lies already. */
  find(file: Received): Promise<string | undefined>;
  /** Bytes of all that lies here, parts too. */
  usedBytes(): Promise<number>;
  partBytes(id: string): Promise<number>;
  /** Opens a part and reads what it holds already. A file that is whole already says so through `whole`. */
  fetch(options: {
    readonly id: string;
    readonly size: number;
    readonly sha256: string;
    readonly maxPendingBytes: number;
    readonly events: FetchEvents;
  }): Promise<Fetch>;
  /** Moves a checked part to its place and says where that is. */
  place(id: string, file: Received): Promise<string>;
  drop(id: string): Promise<void>;
  /** The ids of all parts. */
  parts(): Promise<readonly string[]>;
}

export interface Prepared {
  readonly size: number;
  readonly sha256: string;
}

/** An open copy. */
export interface Copy {
  /** Reads from `position` on into the buffers, one after the other. */
  readv(buffers: readonly Uint8Array[], position: number): Promise<{ readonly bytesRead: number }>;
  close(): Promise<void>;
}

export interface Copies {
  /** Copies and hashes a file; it is on the disk when this resolves. */
  prepare(
    path: string,
    maxBytes: number,
    copied: (bytes: number, size: number) => void,
  ): Promise<Result<Prepared, "bad-file" | "disk" | "quota">>;
  /** The offer of a prepared file is written down: from now on its record tells whether the copy is needed. */
  offered(sha256: string): void;
  /** Opens a copy to send from; rejects when it is not here. */
  open(sha256: string): Promise<Copy>;
  /** Removes what nobody waits for. */
  sweep(): Promise<void>;
}

/** What became of a chunk. `gap`: bytes before it are missing; `full`: the disk is behind, it was not taken. */
export type Taken = "taken" | "known" | "gap" | "beyond" | "full";

export interface FetchEvents {
  /** All below is written. */
  readonly written: (bytes: number) => void;
  /** All bytes are on the disk; whether they are the ones that were offered. The handle is closed. */
  readonly whole: (isRight: boolean) => void;
  /** The disk did not take it. The handle is closed; the part holds what was written before. */
  readonly trouble: (error: Error) => void;
}

export interface Fetch {
  /** All below has been taken in. */
  readonly received: number;
  /** Where this run began: bytes below were there before. */
  readonly began: number;
  /** Nothing waits for the disk. */
  readonly isIdle: boolean;
  take(offset: number, bytes: Uint8Array): Taken;
  /** Ends it; the part stays. */
  close(): Promise<void>;
}
