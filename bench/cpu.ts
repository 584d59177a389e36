// What processes cost in CPU time, user and system: other work on the machine hardly changes it, while it doubles wall time.
// Linux alone tells it.
import { readdirSync, readFileSync } from "node:fs";

/** Whether this system tells what the figures are made of; else why not. */
export const NO_CPU = process.platform === "linux" ? undefined : "CPU time is read from /proc, which is not here";

/** The kernel counts the time of ended children in hundredths of a second. */
const TICK_MS = 10;

/** What ended children of this process and theirs used up to now, milliseconds in steps of 10: compare sums of many runs. */
export function endedChildrenMs(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]!.split(" ");
  // The 16th and 17th field; the first two stand before the bracket.
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** What a running process used up to now, milliseconds. */
export function processMs(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      // A thread of the pool that has just ended.
    }
  }
  return nanoseconds / 1_000_000;
}

/** Wall and CPU time of something that runs as child processes. */
export class ChildTimes {
  readonly #wall: number[] = [];
  #cpuMs = 0;

  /** Runs it once; everything it starts has to have ended then. */
  async run(work: () => Promise<unknown> | void): Promise<void> {
    const cpu = endedChildrenMs();
    const began = performance.now();
    await work();
    this.#wall.push(performance.now() - began);
    this.#cpuMs += endedChildrenMs() - cpu;
  }

  /** CPU time of one run, milliseconds. */
  get cpuMs(): number {
    return this.#cpuMs / this.#wall.length;
  }

  /** The middle one of the runs' wall times, milliseconds. */
  get wallMs(): number {
    return this.#wall.toSorted((a, b) => a - b)[Math.floor(this.#wall.length / 2)] ?? NaN;
  }

  /** Both, as a row says them. */
  get text(): string {
    return `${this.cpuMs.toFixed(0)} ms CPU (${this.wallMs.toFixed(0)} ms wall)`;
  }
}
