// Where a project's daemon listens. Nobody configures it: it follows from the home and the project's real path.
import { join } from "node:path";
import type { Result } from "@agora/protocol";
import { hashName } from "./crypto.ts";
import { checkFolder, ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { ok } from "./result.ts";

/** Where a project's daemon listens. */
export interface SocketPath {
  /** Socket file or named pipe. */
  readonly path: string;
  /** The folder that must be ours; undefined for a named pipe. */
  readonly folder?: string;
  /** Where a daemon that refuses to start leaves its message. */
  readonly errorFile: string;
  /** Where the listening daemon leaves its process id, for people. */
  readonly pidFile: string;
  /** Exists for a moment: a daemon left, and its successor is on its way. */
  readonly movedFile: string;
  /** Exists for a while after no successor could take over. */
  readonly stayedFile: string;
  /** Of the hub: what its console keeps for the next one, its port and hashes of its cookies. */
  readonly consoleFile: string;
  /** Leads a browser to the console. */
  readonly loginRedirectFile: string;
}

/** A socket path is limited to 104 bytes on macOS and 108 on Linux, and nothing warns before it is too late. */
const MAX_SOCKET_PATH_BYTES = 100;

/** The paths for `project` (its real path). */
export function socketPath(home: Home, project: string, platform: NodeJS.Platform = process.platform): SocketPath {
  // The home is part of the name: a user's homes share /tmp and the names of pipes.
  const name = hashName(home.path, project);
  const run = join(home.path, "run");
  const file = (kind: string): string => join(run, `${name}.${kind}`);
  const left = {
    errorFile: file("error"),
    pidFile: file("pid"),
    movedFile: file("moved"),
    stayedFile: file("stayed"),
    consoleFile: file("console"),
    loginRedirectFile: file("html"),
  };
  return { ...endpoint(run, name, "sock", platform), ...left };
}

/** A socket that listens as long as its process lives: if it can't be dialled, nobody holds what it stands for. */
export interface LifeSocket {
  /** Socket file or named pipe. */
  readonly path: string;
  /** The folder that must be ours; undefined for a named pipe. */
  readonly folder?: string;
  /** It lies in the home, so that everybody who sees the home sees it too; /tmp may be a different folder for others. */
  readonly isInHome: boolean;
}

/** The socket of the one process that writes in `folder` of this home. */
export function writerSocket(home: Home, folder: string, platform: NodeJS.Platform = process.platform): LifeSocket {
  const run = join(home.path, "run");
  const place = endpoint(run, hashName("writer", home.path, folder), "writer", platform);
  return { ...place, isInHome: place.folder === run };
}

function endpoint(
  run: string,
  name: string,
  ending: string,
  platform: NodeJS.Platform,
): Pick<SocketPath, "path" | "folder"> {
  if (platform === "win32") return { path: String.raw`\\.\pipe\agora-${name}` };
  const path = join(run, `${name}.${ending}`);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return { path, folder: run };
  const folder = `/tmp/agora-${process.getuid?.() ?? 0}`;
  return { path: join(folder, `${name}.${ending}`), folder };
}

/** Creates the socket's folder (0700), or refuses one that is a link, another user's, or open to others. */
export function ensureSocketFolder(home: Home, place: Pick<SocketPath, "folder">): Result<void, HomeCode> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  const run = ensureFolder(join(home.path, "run"));
  if (!run.ok) return run;
  return place.folder === undefined ? ok(undefined) : ensureFolder(place.folder);
}

/** Whether the socket's folder exists and is ours; creates nothing. */
export function checkSocketFolder(home: Home, place: SocketPath): Result<boolean, HomeCode> {
  const there = checkFolder(home.path);
  if (!there.ok || !there.value) return there;
  return checkFolder(place.folder ?? join(home.path, "run"));
}
