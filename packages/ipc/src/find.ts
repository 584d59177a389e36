// Finds a project's running daemon. Never starts one, and creates no folder.
import { readFileSync } from "node:fs";
import { checkSocketFolder, fail, type Home, type HomeCode, ipcSecret, socketPath } from "@agora/user-config";
import type { Failure, Result } from "@agora/protocol";
import { type Client, connect } from "./client.ts";
import type { IpcCode } from "./messages.ts";

/** `gone`: nobody answers; `refused`: not ours (secret, project, folder), or the daemon said why it can't start. */
export type OpenCode = Extract<
  IpcCode,
  "gone" | "refused" | "timeout" | "wrong-version" | "older-version" | "not-joined" | "disk"
>;

export interface FindOptions {
  readonly home: Home;
  /** The project's real path. */
  readonly project: string;
  readonly version: string;
  /** For the greeting; 5 s by default. */
  readonly timeoutMs?: number;
  /** The version of this language, if not our own. */
  readonly speak?: number;
}

/** Connects to the running daemon. */
export async function findDaemon(options: FindOptions): Promise<Result<Client, OpenCode>> {
  const { home, project, version, timeoutMs, speak } = options;
  const place = socketPath(home, project);
  const folder = checkSocketFolder(home, place);
  if (!folder.ok) return homeFailure(folder);
  if (!folder.value) return fail("gone", "This project's daemon is not running.");
  const secret = ipcSecret(home);
  if (!secret.ok) return homeFailure(secret);
  const found = await connect({
    path: place.path,
    secret: secret.value,
    project,
    version,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(speak === undefined ? {} : { speak }),
  });
  if (found.ok || found.code !== "timeout") return found;
  const pid = readPid(place.pidFile);
  return fail(
    "timeout",
    `This project's daemon${pid === undefined ? "" : ` (process ${pid})`} doesn't answer: end it and try again.`,
  );
}

/** Maps a home failure to ipc's codes. */
export function homeFailure(failure: Failure<HomeCode>): Failure<"disk" | "refused"> {
  return fail(failure.code === "disk" ? "disk" : "refused", failure.message);
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
