// Replaces a file in one step: readers see the old text or the new one, and a disk that becomes full leaves the old one. Our
// own because write-file-atomic (6.0.0, its writeSync) takes a short write for a whole one: on a nearly full disk it puts a
// cut text over the good file and says nothing.
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

export interface ReplaceOptions {
  /** The rights of the file; those that it has, or the owner's alone, where nothing is said. */
  readonly mode?: number;
  /** Whether it must outlive a power cut; true where nothing is said. */
  readonly sync?: boolean;
}

const PRIVATE = 0o600;

/** Replaces the text of a file, or makes the file; a link stays one. Throws when the disk does not take it whole; then nothing has changed. */
export function replaceFile(path: string, text: string, { mode, sync = true }: ReplaceOptions = {}): void {
  const target = realPath(path);
  const before = statSync(target, { throwIfNoEntry: false });
  const aside = `${target}.${process.pid}.next`;
  try {
    const rights = mode ?? (before === undefined ? PRIVATE : before.mode & 0o777);
    removeQuietly(aside); // of a process of this number that was killed; a link that was put there is not followed
    const fd = openSync(aside, "wx", rights);
    try {
      fchmodSync(fd, rights); // whatever the process's mask is
      writeFileSync(fd, text); // goes on after a short write, and throws when nothing more is taken
      if (before !== undefined) keepOwner(fd, before);
      if (sync) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(aside, target);
  } catch (error) {
    removeQuietly(aside);
    throw error;
  }
  if (sync) syncFolder(dirname(target));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function keepOwner(fd: number, { uid, gid }: Stats): void {
  if (process.getuid?.() !== 0 || (uid === 0 && gid === 0)) return;
  try {
    fchownSync(fd, uid, gid);
  } catch {
    // Some disks know no owners.
  }
}

/** The rename is on the disk as well, where a folder can be synced. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Not every system opens a folder; there the rename is as durable as it gets.
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is not there.
  }
}
