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

/** How long it is waited for the end of what was ended: a busy machine takes its time, and what still runs may still write. */
const END_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 10;

/** Ends at once, without asking, whatever lives in a folder, and removes the folder. */
export function endAllIn(folder: string): void {
  const end = performance.now() + END_WITHIN_MS;
  for (let pids = livingIn(folder); pids.length > 0 && performance.now() < end; pids = livingIn(folder)) {
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
    pause(LOOK_EVERY_MS);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** Waits without giving way to anything else: this runs at the end of all. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

if (import.meta.main) {
  // The sweeper of a run: when whoever started it is gone, by whatever way, nothing of the run's folder is left.
  const folder = process.env["AGORA_RUN_FOLDER"]!;
  process.stdin.resume().once("close", () => endAllIn(folder));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
}
