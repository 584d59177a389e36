// The sentence of a daemon that could not start: it has no terminal, so it leaves it where its launcher looks.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { ensureSocketFolder, type Home, socketPath } from "@agora/home";

const MAX_SENTENCE = 500;

/** Called by a daemon that can't start: leaves one sentence for whoever launched it; then it should exit with 1. */
export function leaveRefusal(home: Home, project: string, sentence: string): void {
  const place = socketPath(home, project);
  if (!ensureSocketFolder(home, place).ok) return;
  try {
    const message = sentence.slice(0, MAX_SENTENCE);
    writeFileSync(place.errorFile, `${JSON.stringify({ pid: process.pid, message })}\n`, { mode: 0o600 });
  } catch {
    // The launcher then tells that it ended without a word.
  }
}

/** Takes the sentence that the daemon with this pid left. */
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
