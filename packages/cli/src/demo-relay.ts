// The demo's relay: a child process on a free loopback port, and a promise in case it exits early.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fail, ok, type Result } from "@agora/protocol";

const START_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 20_000;

export interface DemoRelay {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
  end(): Promise<void>;
}

/** Starts `agora relay --port 0 --json` and reads its first line. */
export async function startDemoRelay(
  entry: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Result<DemoRelay>> {
  const child = spawn(process.execPath, [entry, "relay", "--port", "0", "--json", "--log-level", "silent"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()).once("error", () => resolve()));
  const line = await firstLine(child);
  const told = readLine(line);
  if (told === undefined) {
    child.kill("SIGKILL");
    return fail("failed", "The relay did not start.");
  }
  return ok({
    ...told,
    gone,
    async end() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), END_TIMEOUT_MS);
      await gone;
      clearTimeout(timer);
    },
  });
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(""), START_TIMEOUT_MS);
    const done = (line: string): void => {
      clearTimeout(timer);
      resolve(line);
    };
    if (child.stdout === null) return done("");
    createInterface(child.stdout)
      .once("line", done)
      .once("close", () => done(""));
  });
}

function readLine(line: string): { url: string; token: string; pid: number } | undefined {
  try {
    const told = JSON.parse(line) as { url?: unknown; token?: unknown; pid?: unknown };
    const { url, token, pid } = told;
    return typeof url === "string" && typeof token === "string" && typeof pid === "number"
      ? { url, token, pid }
      : undefined;
  } catch {
    return undefined;
  }
}
