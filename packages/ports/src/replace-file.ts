// Replaces a file atomically: readers see the old text or the new one, and a disk that fills up leaves the old one. Our own
// because write-file-atomic (6.0.0, its writeSync) takes a short write for a complete one: on a nearly full disk it puts a
// truncated text over the good file and says nothing.
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
  /** The file's mode; by default its present one, or the owner's alone for a new file. */
  readonly mode?: number;
  /** Whether it must survive a power cut; true by default. */
  readonly sync?: boolean;
}

const PRIVATE = 0o600;

/**
 * Replaces a file's text, or creates the file; a link stays a link. Throws when the disk doesn't take all of it; then
 * nothing has changed.
 */
export function replaceFile(path: string, text: string, { mode, sync = true }: ReplaceOptions = {}): void {
  const target = realPath(path);
  const before = statSync(target, { throwIfNoEntry: false });
  const aside = `${target}.${process.pid}.next`;
  try {
    const rights = mode ?? (before === undefined ? PRIVATE : before.mode & 0o777);
    removeQuietly(aside); // of a killed process with the same pid; a link put there is not followed
    const fd = openSync(aside, "wx", rights);
    try {
      fchmodSync(fd, rights); // whatever the process's umask is
      writeFileSync(fd, text); // continues after a short write, throws when nothing more is taken
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

/** Syncs the rename as well, where a folder can be synced. */
function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Not every system can open a folder; there the rename is as durable as it gets.
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It isn't there.
  }
}
