// Where the files of a room lie, as sending and receiving need it: copies of what was sent, parts of what is coming in, and
// what has come. A project's folder is one such place; a browser's database another.
import type { Log } from "@agora/ports";
import type { Result } from "@agora/protocol";
import type { Copies } from "./copies.ts";
import type { Fetch, FetchEvents } from "./fetch.ts";

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
