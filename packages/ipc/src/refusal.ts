// The message of a daemon that couldn't start. It has no terminal, so it leaves the message where its launcher looks.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { ensureSocketFolder, type Home, socketPath } from "@agora/user-config";

const MAX_SENTENCE = 500;

/** Called by a daemon that can't start: leaves one sentence for its launcher; afterwards it should exit with 1. */
export function leaveRefusal(home: Home, project: string, sentence: string): void {
  const place = socketPath(home, project);
  if (!ensureSocketFolder(home, place).ok) return;
  try {
    const message = sentence.slice(0, MAX_SENTENCE);
    writeFileSync(place.errorFile, `${JSON.stringify({ pid: process.pid, message })}\n`, { mode: 0o600 });
  } catch {
    // The launcher will then report that it exited without a message.
  }
}

/** Takes the message left by the daemon with this pid. */
export function takeRefusal(home: Home, project: string, pid: number): string | undefined {
  const { errorFile } = socketPath(home, project);
  try {
    const left: unknown = JSON.parse(readFileSync(errorFile, "utf8"));
    if (typeof left !== "object" || left === null || !("pid" in left) || left.pid !== pid) return undefined;
    rmSync(errorFile, { force: true });
    return "message" in left && typeof left.message === "string" ? left.message : undefined;
  } catch {
    return undefined;
  }
}
