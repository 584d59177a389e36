// Who may write a project's journals: one process, whatever home or user it runs under. The place of the ipc decides among
// daemons of one home; this lock inside the folder decides among all others. A dead holder's lock is free at once.
import { readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { replaceFile } from "@agora/ports/replace-file";
import { fail, ok, type Result } from "@agora/protocol";
import type { Folder } from "./folder.ts";

export interface WriterLock {
  /** Settles when another process took the lock, because this one stood still for long: write nothing any more. */
  readonly taken: Promise<void>;
  release(): Promise<void>;
}

/** A holder on another machine counts as dead when it did not touch its lock for so long. */
const STALE_MS = 30_000;
const TOUCH_EVERY_MS = 5_000;
/** A daemon that is just leaving is waited for. */
const TRIES = 20;
const TRY_EVERY_MS = 250;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system tells it: the same pid later is another process. */
  readonly began: string;
  /** Which folder it holds: a copy of the folder has its own. */
  readonly folder: number;
}

/** Takes the lock; `in-use` says who has it. */
export async function lockWriter(folder: Folder): Promise<Result<WriterLock, "in-use" | "disk">> {
  const { lock } = await import("proper-lockfile");
  const lockfilePath = join(folder.path, "writer.lock");
  const path = join(folder.path, "writer.json");
  const me: Holder = {
    pid: process.pid,
    host: hostname(),
    began: beganOf(process.pid),
    folder: inode(folder.path) ?? 0,
  };
  for (let n = 1; ; n += 1) {
    const seen = inode(lockfilePath);
    const holder = readHolder(path);
    const isOther = holder !== undefined && !(holder.pid === me.pid && holder.host === me.host);
    const isHere = holder?.host === me.host;
    const lives = isOther && isHere && holder.folder === me.folder && isAlive(holder);
    try {
      if (!lives) {
        // Whoever came between has made another one.
        if (isHere && inode(lockfilePath) === seen) rmSync(lockfilePath, { recursive: true, force: true });
        let tell: () => void = () => undefined;
        const taken = new Promise<void>((resolve) => {
          tell = resolve;
        });
        const options = { lockfilePath, realpath: false, stale: STALE_MS, update: TOUCH_EVERY_MS };
        const release = await lock(folder.path, { ...options, onCompromised: () => tell() });
        replaceFile(path, `${JSON.stringify(me)}\n`, { mode: 0o600, sync: false });
        return ok({ taken, release: () => release().catch(() => undefined) });
      }
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ELOCKED"))
        return fail("disk", `The folder ${folder.path} can't be locked (${String(error)}): make it writable.`);
    }
    if (n >= TRIES) {
      const who = holder === undefined ? "Another process" : `Process ${holder.pid} on ${holder.host}`;
      return fail("in-use", `${who} already keeps this project's room in ${folder.path}: stop that one first.`);
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
  }
}

function inode(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function readHolder(path: string): Holder | undefined {
  try {
    const { pid, host, began, folder } = JSON.parse(readFileSync(path, "utf8")) as Partial<Holder>;
    return typeof pid === "number" && typeof host === "string"
      ? { pid, host, began: began ?? "", folder: folder ?? 0 }
      : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, and lives.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return holder.began === "" || beganOf(holder.pid) === holder.began;
}

/** Empty where the system does not tell. */
function beganOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
