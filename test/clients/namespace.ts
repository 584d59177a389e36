// A network namespace with loopback only, in which a relay, daemons and clients of one test live together.
// Whatever was started in it, also by a client's hook and detached, ends with it.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { PATIENCE_MS } from "../wait-until.ts";

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the process; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
}

export interface Namespace extends AsyncDisposable {
  /** The process that keeps the namespace alive. */
  readonly holder: number;
  /** Starts a process inside; it gets the environment given and nothing else. */
  spawn(file: string, args: readonly string[], options?: RunOptions & Pick<SpawnOptions, "stdio">): ChildProcess;
  /** Runs a process inside to its end. */
  run(file: string, args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** The processes that are inside now, without the holder. */
  pids(): number[];
}

/** Longer than any of our commands waits for something itself, with what a busy machine adds. */
const runTimeoutMs = 2 * PATIENCE_MS;
const pollMs = 10;
const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Makes the namespace. Needs unshare and nsenter (util-linux) and ip (iproute2), as root or with user namespaces allowed. */
export async function openNamespace(): Promise<Namespace> {
  const isRoot = process.getuid?.() === 0;
  // `cat` ends when this process does, whatever way that happens: the holder never outlives its test.
  const keep = "ip link set lo up && echo ready && exec cat";
  const holder = spawn("unshare", [isRoot ? "-n" : "-rn", "sh", "-c", keep], {
    env: { PATH: systemPath },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said = await collect(holder, PATIENCE_MS, "ready\n");
  if (!said.stdout.includes("ready") || holder.pid === undefined) {
    holder.kill("SIGKILL");
    throw new Error(`no network namespace: ${said.stderr.trim()}`);
  }
  const pid = holder.pid;
  const name = readlinkSync(`/proc/${pid}/ns/net`);
  const enter = ["-t", String(pid), "-n", ...(isRoot ? [] : ["-U", "--preserve-credentials"]), "--"];

  const start: Namespace["spawn"] = (file, args, { env = {}, cwd, stdio } = {}) =>
    spawn("nsenter", [...enter, file, ...args], { env: { PATH: systemPath, ...env }, cwd, stdio: stdio ?? "pipe" });

  // Read in one go: hundreds of questions at a time, again and again, cost a test more than all else that it does itself.
  const inside = (): number[] => {
    const all = readdirSync("/proc").map(Number).filter(Number.isInteger);
    return all.filter((other) => other !== pid && isInside(other, name));
  };

  const close = async (): Promise<void> => {
    // At once: whoever is asked politely may take seconds, and nobody reads what it still has to say.
    for (const over = Date.now() + PATIENCE_MS; inside().length > 0 && Date.now() < over; await pause(pollMs)) {
      endAll(inside(), name);
    }
    const ended = holder.exitCode === null && holder.signalCode === null ? once(holder, "exit") : undefined;
    holder.stdin.end();
    await ended;
  };

  let closing: Promise<void> | undefined;
  return {
    holder: pid,
    spawn: start,
    pids: inside,
    async run(file, args, options = {}) {
      const child = start(file, args, options);
      child.stdin?.on("error", () => {}).end(options.input ?? "");
      return collect(child, options.timeoutMs ?? runTimeoutMs);
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

function isInside(pid: number, name: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`) === name;
  } catch {
    return false; // it has ended
  }
}

/** The namespace is ours alone, so being inside at the very moment of the signal proves that a process is ours. */
function endAll(pids: readonly number[], name: string): void {
  for (const pid of pids) {
    if (!isInside(pid, name)) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself in between.
    }
  }
}

/** Gathers what a process prints, until it ends, prints `enough`, or the time is over (then it is killed). */
function collect(child: ChildProcess, timeoutMs: number, enough?: string): Promise<Finished> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    const done = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    };
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      if (enough !== undefined && stdout.includes(enough)) done(null);
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", done);
  });
}
