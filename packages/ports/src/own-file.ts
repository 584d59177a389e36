// Opening a file in a folder that others can write into, such as a project: a `git pull` may have put a link there, or a hard
// link to another file of the user. Only a plain file that has no second name is opened, and none that a link leads to.
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from "node:fs";
import { dirname } from "node:path";

// A pipe of that name must not make the caller wait; Windows knows neither flag.
const SAFELY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What lies at a path is no file of ours: a link, a hard link, another user's, or no plain file. */
export class NotOurFile extends Error {
  constructor(path: string) {
    super(`${path} is a link, or not a plain file of this user`);
  }
}

/** The folder of a file is missing, a link, or another user's. */
export class NotOurFolder extends Error {
  constructor(path: string) {
    super(`${path} is missing, a link, or not a folder of this user`);
  }
}

/** Whether this is a plain file of this user with one name only. */
export function isOwnFile(stat: Stats): boolean {
  return stat.isFile() && stat.nlink === 1 && isOwn(stat);
}

/** Whether a real folder of this user is at `path`, and no link to one; false also when there is nothing. */
export function isOwnFolder(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat !== undefined && stat.isDirectory() && isOwn(stat);
}

/**
 * Opens a file in a folder of ours; `flags` as open(2) takes them, `mode` for one that is made. Throws NotOurFile or NotOurFolder
 * for what is not ours, and the system's error otherwise. The caller closes what it gives.
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
