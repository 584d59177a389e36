// Claims the one socket where a project's daemon listens. Of several daemons starting at once exactly one gets it: under a
// lock, one that finds nobody listening binds a private name and renames it onto the shared one. If the lock failed (its
// holder stalled for seconds), the rename still leaves one daemon: the other notices that the inode isn't its own.
import { randomBytes } from "node:crypto";
import { chmodSync, readdirSync, renameSync, statSync, unlinkSync } from "node:fs";
import { connect, type Server } from "node:net";
import { join } from "node:path";
import { fail, ok, type SocketPath, withLock } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import { DIAL_TIMEOUT_MS } from "./limits.ts";

/** A claimed socket. */
export interface HeldSocket {
  /** Whether dialling the path still reaches this process. */
  isMine(): boolean;
  /** Releases the path; call it while still listening, so that a successor can't be mistaken for us. */
  leave(): void;
}

export type ClaimCode = "already-running" | "disk";

/** Claims the path and lets `server` listen there. */
export function claimSocket(
  place: Pick<SocketPath, "path" | "folder">,
  server: Server,
): Promise<Result<HeldSocket, ClaimCode>> {
  const { folder } = place;
  // A named pipe can only be created once: the system itself decides.
  if (folder === undefined) return listen(server, place.path, () => ({ isMine: () => true, leave: () => undefined }));
  return withLock<HeldSocket, ClaimCode>(place.path, async () => {
    if (await isAlive(place.path)) return alreadyRunning();
    removeLeftovers(folder);
    const own = join(folder, `${PRIVATE_PREFIX}${randomBytes(4).toString("hex")}`);
    return listen(server, own, () => {
      chmodSync(own, 0o600);
      const mine = inode(own);
      renameSync(own, place.path);
      return {
        isMine: () => inode(place.path) === mine,
        leave() {
          if (inode(place.path) === mine) removeQuietly(place.path);
        },
      };
    });
  });
}

const PRIVATE_PREFIX = ".";
const LEFTOVER_MS = 60_000;

function alreadyRunning(): ReturnType<typeof fail<"already-running">> {
  return fail("already-running", "This project's daemon is running already.");
}

function listen(server: Server, path: string, then: () => HeldSocket): Promise<Result<HeldSocket, ClaimCode>> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === "EADDRINUSE") return resolve(alreadyRunning());
      resolve(fail("disk", `The daemon can't listen at ${path}: ${error.code ?? error.message}.`));
    };
    server.once("error", failed);
    server.listen({ path, backlog: 511 }, () => {
      server.off("error", failed);
      try {
        resolve(ok(then()));
      } catch (error) {
        removeQuietly(path);
        server.close();
        failed(error as NodeJS.ErrnoException);
      }
    });
  });
}

/** Whether anybody listens at `path`. If in doubt, yes: two daemons are worse than none. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (alive: boolean): void => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(alive);
    };
    const deadline = setTimeout(() => settle(true), DIAL_TIMEOUT_MS);
    socket.on("connect", () => settle(true));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      settle(!["ENOENT", "ECONNREFUSED", "ENOTSOCK"].includes(error.code ?? ""));
    });
  });
}

function inode(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "none" : `${stat.dev}:${stat.ino}`;
}

/** Removes private names left by daemons that died between binding and renaming. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/^\.[0-9a-f]{8}$/.test(name)) continue;
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > LEFTOVER_MS) removeQuietly(path);
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Already gone.
  }
}
