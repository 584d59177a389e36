// Ends what tests leave running. Daemons detach from whoever starts them, so they are known by the folder they live in: every
// process that has it in its words, or works in it, is one of ours.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";

/** What runs, by the process table of Linux; elsewhere by `ps`, which tells the words alone. */
function processes(): readonly { readonly pid: number; readonly place: string }[] {
  if (!existsSync("/proc/self/cmdline")) {
    const lines = spawnSync("ps", ["-axo", "pid=,args="], { encoding: "utf8" }).stdout?.split("\n") ?? [];
    return lines.map((line) => ({ pid: Number.parseInt(line, 10), place: line }));
  }
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.map((pid) => ({ pid, place: placeOf(join("/proc", String(pid))) }));
}

function placeOf(entry: string): string {
  try {
    return `${readFileSync(join(entry, "cmdline"), "utf8")}\0${readlinkSync(join(entry, "cwd"))}/`;
  } catch {
    return ""; // it has ended meanwhile
  }
}

/** The processes that live in a folder, apart from this one and its parent. */
export function livingIn(folder: string): number[] {
  return processes()
    .filter(({ pid, place }) => pid !== process.pid && pid !== process.ppid && place.includes(folder))
    .map(({ pid }) => pid);
}

/** How often it is looked again for what was started while others were ended. */
const ROUNDS = 5;

/** Ends at once, without asking, whatever lives in a folder, and removes the folder. */
export function endAllIn(folder: string): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    const pids = livingIn(folder);
    if (pids.length === 0) break;
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

if (import.meta.main) {
  // The sweeper of a run: when whoever started it is gone, by whatever way, nothing of the run's folder is left.
  const folder = process.env["AGORA_RUN_FOLDER"]!;
  process.stdin.resume().once("close", () => endAllIn(folder));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
}
