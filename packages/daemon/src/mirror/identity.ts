// The facts by which we recognize a file that we wrote: if any of them differs, somebody else has been there.
import { fstatSync, lstatSync, type Stats } from "node:fs";
import { isOwnFile } from "@agora/ports";

/** A file as it was after we wrote it. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly size: number;
  readonly written: number;
}

/** The identity of an open file. */
export function identityOf(fd: number): FileIdentity {
  return fromStat(fstatSync(fd));
}

/** `ours`: as we left it; `gone`: nothing is there; `foreign`: something else is. */
export function compareFile(path: string, known: FileIdentity): "ours" | "gone" | "foreign" {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "gone";
  const now = fromStat(stat);
  const isSame =
    isOwnFile(stat) &&
    now.device === known.device &&
    now.inode === known.inode &&
    now.size === known.size &&
    now.written === known.written;
  return isSame ? "ours" : "foreign";
}

function fromStat(stat: Stats): FileIdentity {
  return { device: stat.dev, inode: stat.ino, size: stat.size, written: stat.mtimeMs };
}
