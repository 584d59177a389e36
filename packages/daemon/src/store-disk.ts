// What the store needs of a disk: three journals, a checkpoint, and the note of which room they are of. Here is a member's
// folder; the model of the whole system has one in memory that loses what was not synced.
import { readFileSync, renameSync } from "node:fs";
import { type Journal, type Log, openJournal } from "@agora/ports";
import { replaceFile } from "@agora/ports/replace-file";
import { type Folder, noteRoom, type RoomMark } from "./folder.ts";

/** The journals a store has. */
export type JournalName = "history" | "outbox" | "inbox";

export interface StoreDisk {
  /** Opens a journal, its torn end set aside; throws when it can't. */
  open<T>(name: JournalName): Journal<T>;
  /** The last checkpoint; undefined when there is none. Throws when it can't be read. */
  readCheckpoint(): string | undefined;
  /** Replaces the checkpoint, synced, whole or not at all; throws when the disk does not take it. */
  writeCheckpoint(text: string): void;
  /** Takes a checkpoint that does not fit the journals out of the way; the last such one is kept beside. */
  setCheckpointAside(): void;
  noteRoom(mark: RoomMark): void;
}

/** Segments of the journals, bytes. */
const SEGMENT_BYTES = 8 * 1024 * 1024;

/** The disk in a member's folder; `onLine` hears of each line that a journal took. */
export function folderDisk(
  folder: Folder,
  log: Log,
  onLine?: (name: JournalName, line: Buffer, offset: number) => void,
): StoreDisk {
  const onRepair = (path: string, bytes: number): void => log.warn("journal-repaired", { path, bytes });
  return {
    open: (name) =>
      openJournal({
        dir: folder.path,
        name,
        segmentBytes: SEGMENT_BYTES,
        onRepair,
        ...(onLine === undefined ? {} : { onLine: (line, offset) => onLine(name, line, offset) }),
      }),
    readCheckpoint() {
      try {
        return readFileSync(folder.checkpoint, "utf8");
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
    },
    writeCheckpoint: (text) => replaceFile(folder.checkpoint, text, { mode: 0o600 }),
    setCheckpointAside: () => renameSync(folder.checkpoint, `${folder.checkpoint}.unfit`),
    noteRoom: (mark) => noteRoom(folder, mark),
  };
}
