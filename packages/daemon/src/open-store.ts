// The memory of a member in its folder.
import { type Clock, createVerifier, type Log } from "@agora/ports";
import type { Result } from "@agora/protocol";
import type { Folder } from "./folder.ts";
import { folderDisk } from "./folder-disk.ts";
import type { Retention } from "@agora/member";
import { openStoreOn, type Store } from "@agora/member";
import type { RoomMark, StoreDisk } from "@agora/member";

/** Opens the memory of the member that `mark` names; you must close it. Torn ends were set aside and logged. */
export function openStore(options: {
  readonly folder: Folder;
  readonly mark: RoomMark;
  readonly clock: Clock;
  readonly log: Log;
  readonly keep?: Retention;
  /** A disk other than the folder's. */
  readonly disk?: StoreDisk;
}): Result<Store, "disk"> {
  const { folder, disk, ...rest } = options;
  return openStoreOn({
    ...rest,
    hasher: createVerifier(),
    place: folder.path,
    disk: disk ?? folderDisk(folder, options.log),
  });
}
