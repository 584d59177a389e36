// daemon-idle: what a daemon costs that is in a room where nobody says anything, over a minute. These are no ratios: at rest
// there is nothing to compare with but nothing.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { NO_CPU, processMs } from "./cpu.ts";
import { openPair } from "./pair.ts";
import type { Row } from "./row.ts";

const SETTLE_MS = 10_000;
const REST_MS = 60_000;

/** Measures a daemon at rest. */
export async function daemonIdle(): Promise<Row[]> {
  const row = (name: string, goal: number, ratio: number | null, why: string): Row => ({
    name,
    ratio,
    goal,
    better: "lower",
    why,
  });
  if (NO_CPU !== undefined) return [row("daemon-idle", 1, null, NO_CPU)];
  await using pair = await openPair();
  const { pid } = pair.alice.daemon.daemon;
  await sleep(SETTLE_MS);
  const [cpu, woken] = [processMs(pid), wakeUps(pid)];
  await sleep(REST_MS);
  const seconds = REST_MS / 1_000;
  return [
    row("daemon-idle-wakeups", 1, (wakeUps(pid) - woken) / seconds, "times a second that its main thread woke up"),
    row("daemon-idle-cpu", 1, (processMs(pid) - cpu) / seconds, "ms of CPU a second"),
    row("daemon-idle-memory", 40, privateBytes(pid) / 1024 / 1024, "MiB that it shares with nobody"),
  ];
}

/** How often the main thread of a process waited for something and went on. */
function wakeUps(pid: number): number {
  return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** Memory of a process alone, bytes. */
function privateBytes(pid: number): number {
  const parts = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm);
  return [...parts].reduce((sum, [, kB]) => sum + Number(kB) * 1024, 0);
}
