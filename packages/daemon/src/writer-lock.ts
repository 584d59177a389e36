// Which one process may write a member's journals. On one machine this is decided by a socket that the holder listens on: it
// works across pid and network namespaces, where process numbers mean nothing, and is free the moment its holder dies. Where
// several machines share the home, a lock file that its holder keeps touching decides among them.
import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { ensureSocketFolder, type Home, type LifeSocket, writerSocket } from "@agora/user-config";
import { claimSocket } from "@agora/ipc";
import { replaceFile } from "@agora/ports/replace-file";
import { fail, ok, type Result } from "@agora/protocol";
import type { Folder } from "./folder.ts";

export interface WriterLock {
  /** Settles when another process took the lock, because this one stalled for long: stop writing. */
  readonly taken: Promise<void>;
  release(): Promise<void>;
}

/** A holder on another machine counts as dead when it hasn't touched its lock for this long. */
const STALE_MS = 30_000;
const TOUCH_EVERY_MS = 5_000;
/** Waits for a daemon that is just leaving. */
const TRIES = 20;
const TRY_EVERY_MS = 250;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** This boot of this machine: containers on it share this, whatever they call themselves. */
  readonly machine: string;
  /** The namespace within which process numbers are comparable. */
  readonly pidSpace: string;
}

/** Takes the lock; `in-use` says who has it. */
export async function lockWriter(
  home: Home,
  folder: Pick<Folder, "path">,
): Promise<Result<WriterLock, "in-use" | "disk">> {
  const socket = writerSocket(home, folder.path);
  const ready = ensureSocketFolder(home, socket);
  if (!ready.ok) return fail("disk", ready.message);
  for (let n = 1; ; n += 1) {
    const taken = await takeOnMachine(socket, folder.path);
    if (taken.ok || taken.code === "disk") return taken;
    if (n >= TRIES) {
      const holder = readHolder(join(folder.path, "writer.json"));
      const who = holder === undefined ? "Another process" : `Process ${holder.pid} on ${holder.host}`;
      return fail("in-use", `${who} already keeps this project's room in ${folder.path}: stop that one first.`);
    }
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
  }
}

async function takeOnMachine(socket: LifeSocket, folder: string): Promise<Result<WriterLock, "in-use" | "disk">> {
  const server = createServer((caller) => caller.destroy());
  const held = await claimSocket(socket, server);
  if (!held.ok) return held.code === "disk" ? fail("disk", held.message) : fail("in-use", held.message);
  server.unref();
  const leave = (): void => {
    held.value.leave();
    server.close();
  };
  const locked = await takeAmongMachines(folder, socket.isInHome);
  if (!locked.ok) leave();
  if (!locked.ok) return locked;
  return ok({
    taken: locked.value.taken,
    async release() {
      await locked.value.release();
      leave();
    },
  });
}

/** The socket is already ours, so a lock of this machine belongs to a dead process. */
async function takeAmongMachines(folder: string, isSure: boolean): Promise<Result<WriterLock, "in-use" | "disk">> {
  const { lock } = await import("proper-lockfile");
  const lockfilePath = join(folder, "writer.lock");
  const path = join(folder, "writer.json");
  const me: Holder = { pid: process.pid, host: hostname(), machine: machine(), pidSpace: pidSpace() };
  try {
    const before = readHolder(path);
    if (before?.machine === me.machine && (isSure || isDead(before, me)))
      rmSync(lockfilePath, { recursive: true, force: true });
    let tell: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const options = { lockfilePath, realpath: false, stale: STALE_MS, update: TOUCH_EVERY_MS };
    const release = await lock(folder, { ...options, onCompromised: () => tell() });
    replaceFile(path, `${JSON.stringify(me)}\n`, { mode: 0o600, sync: false });
    return ok({ taken, release: () => release().catch(() => undefined) });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOCKED")
      return fail("in-use", `The folder ${folder} is in use.`);
    return fail("disk", `The folder ${folder} can't be locked (${String(error)}): make it writable.`);
  }
}

/** For sockets outside the home, which another container may not see: only where process numbers are comparable. */
function isDead(holder: Holder, me: Holder): boolean {
  if (holder.pidSpace !== me.pidSpace) return false;
  try {
    process.kill(holder.pid, 0);
    return holder.pid === me.pid;
  } catch (error) {
    // Another user's process may not be signalled, but is alive.
    return !(error instanceof Error && "code" in error && error.code === "EPERM");
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const { pid, host, machine: on, pidSpace: within } = JSON.parse(readFileSync(path, "utf8")) as Partial<Holder>;
    return typeof pid === "number" && typeof host === "string"
      ? { pid, host, machine: on ?? "", pidSpace: within ?? "" }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The kernel's own id for this boot, if there is one; else the host name. */
function machine(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return hostname();
  }
}

/** Empty where there is only one namespace. */
function pidSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
