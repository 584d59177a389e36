// The store's disk in a member's folder.
import { readFileSync, renameSync } from "node:fs";
import { type Log, openJournal } from "@agora/ports";
import { replaceFile } from "@agora/ports/replace-file";
import { type Folder, noteRoom } from "./folder.ts";
import type { JournalName, StoreDisk } from "@agora/member";

/** Size of a journal segment, bytes. */
const SEGMENT_BYTES = 8 * 1024 * 1024;

/** The disk in a member's folder; `onLine` is called with each line written to a journal. */
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
