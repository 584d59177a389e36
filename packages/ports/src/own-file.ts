// Opens a file in a folder that others can write into, such as a project: a `git pull` may have put a link there, or a hard
// link to another of the user's files. Only a plain file with no second name is opened, and never through a link.
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from "node:fs";
import { dirname } from "node:path";

// A pipe of that name must not block the caller; Windows has neither flag.
const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What lies at the path isn't a file of ours: a link, a hard link, another user's, or not a plain file. */
export class NotOurFile extends Error {
  constructor(path: string) {
    super(`${path} is a link, or not a plain file of this user`);
  }
}

/** The file's folder is missing, a link, or another user's. */
export class NotOurFolder extends Error {
  constructor(path: string) {
    super(`${path} is missing, a link, or not a folder of this user`);
  }
}

/** Whether this is a plain file of this user with only one name. */
export function isOwnFile(stat: Stats): boolean {
  return stat.isFile() && stat.nlink === 1 && isOwn(stat);
}

/** Whether `path` is a real folder of this user, not a link to one; false also when nothing is there. */
export function isOwnFolder(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stat.isDirectory() && isOwn(stat);
}

/**
 * Opens a file in a folder of ours; `flags` as for open(2), `mode` for a file it creates. Throws NotOurFile or NotOurFolder
 * for what isn't ours, and the system's error otherwise. The caller closes the descriptor.
 */
export function openOwnFile(path: string, flags: number, mode = 0o600): number {
  if (!isOwnFolder(dirname(path))) throw new NotOurFolder(dirname(path));
  let fd: number;
  try {
    fd = openSync(path, flags | SAFELY, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === "ELOOP" || code === "EMLINK" || code === "EISDIR" || code === "ENXIO" ? new NotOurFile(path) : error;
  }
  if (isOwnFile(fstatSync(fd))) return fd;
  closeSync(fd);
  throw new NotOurFile(path);
}

function isOwn({ uid }: Stats): boolean {
  return process.getuid === undefined || uid === process.getuid();
}
