// How the processes of a run end: what one said and with which code, and words to one by its number.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

export const PATIENCE_MS = 60_000;
/** What is kept of what a process said. */
const MAX_SAID = 2_000;

/** How a process ended and what it said; no code: it did not, and was killed. */
export async function outcome(
  child: ChildProcess,
  patienceMs = PATIENCE_MS,
): Promise<{ readonly code: number | undefined; readonly said: string }> {
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (said = `${said}${text}`.slice(-MAX_SAID)));
  const late = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(late);
  return { code: code ?? undefined, said };
}

export function signal(pid: number, word: NodeJS.Signals): void {
  try {
    process.kill(pid, word);
  } catch {
    // It is gone already.
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
