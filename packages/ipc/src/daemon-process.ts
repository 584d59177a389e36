// Starts a daemon process and waits until it answers. It gets a clean environment and works in the user's directory: nothing
// from the project or the client reaches it.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type DaemonCode, daemonEnv, type Env, fail, type Home } from "@agora/user-config";
import type { Log } from "@agora/ports";
import type { Failure, Result } from "@agora/protocol";
import type { Client } from "./client.ts";
import type { OpenCode } from "./find.ts";
import { takeRefusal } from "./refusal.ts";

export interface ProcessOptions {
  readonly home: Home;
  /** The project's real path. */
  readonly project: string;
  /** What to run; `daemon PROJECT` by default. */
  readonly words?: readonly string[];
  readonly env: Env;
  /** The caller is a person's own terminal: its network settings count if none were recorded. */
  readonly byPerson?: boolean;
  readonly log?: Log;
}

/** Looks for the daemon once. */
export type Find = () => Promise<Result<Client, OpenCode>>;

export interface Launched {
  readonly found: Result<Client, OpenCode>;
  /** It exited with an error but left no message: other code may do better. */
  readonly crashed?: boolean;
}

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;
/** How often to launch again when a daemon found another one and left, and that one was gone too, or when it was killed. */
const LAUNCHES = 3;

/**
 * What an event leaves behind is garbage within moments. By default V8 lets 128 MiB of it pile up before collecting, in a
 * process whose lasting state is 10 MiB: the daemon would seem to grow for its first ten thousand events.
 */
const SMALL_NURSERY = "--max-semi-space-size=8";

/** Makes the allocator return freed frame and file buffers to the system; glibc would keep them for later. */
const GIVE_BACK = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_TRIM_THRESHOLD_: "131072" };

/** Runs `node CODE daemon PROJECT` (or other words), detached; with `again` it also takes over from a daemon of its own version. */
export function startDaemon(
  { path, version }: DaemonCode,
  { home, project, words = ["daemon", project], env, byPerson = false, log }: ProcessOptions,
  again = false,
): ChildProcess {
  // Loaded here: most commands find their daemon running.
  const { spawn } = process.getBuiltinModule("node:child_process");
  const child = spawn(process.execPath, [SMALL_NURSERY, path, ...words, ...(again ? ["--again"] : [])], {
    cwd: home.path,
    detached: true,
    stdio: "ignore",
    windowsHide: true,
    env: { ...daemonEnv(home, project, env, byPerson), ...GIVE_BACK },
  });
  child.on("error", () => undefined); // a missing pid reports it as "left"
  child.unref();
  log?.info("daemon.launched", { pid: child.pid ?? 0, version, project });
  return child;
}

/** Starts a daemon when none is running, and waits until one answers. */
export async function launchDaemon(
  code: DaemonCode,
  options: ProcessOptions,
  find: Find,
  deadline: number,
): Promise<Launched> {
  const { home, project } = options;
  for (let launch = 1; ; launch += 1) {
    const child = startDaemon(code, options);
    const answered = await untilAnswers(child, find, deadline);
    if (answered !== "left") return { found: answered };
    const reason = child.pid === undefined ? undefined : takeRefusal(home, project, child.pid);
    if (reason !== undefined) return { found: fail("refused", reason) };
    const crashed = child.signalCode === null && child.exitCode !== 0;
    if (crashed || launch === LAUNCHES) return { found: ended(child), crashed };
  }
}

/** Dials until a daemon answers; `left` when the launched one has exited and no other answers. */
export async function untilAnswers(
  child: ChildProcess,
  find: Find,
  deadline: number,
): Promise<Result<Client, OpenCode> | "left"> {
  const over = new AbortController();
  const exit = once(child, "exit", { signal: over.signal }).catch(() => undefined);
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      await Promise.race([sleep(pause, undefined, { signal: over.signal }).catch(() => undefined), exit]);
      const left = hasLeft(child);
      const found = await find();
      // One that is too old for us is about to hand over.
      if (found.ok || (found.code !== "gone" && found.code !== "older-version")) return found;
      if (left) return "left";
      if (performance.now() > deadline) {
        return fail("timeout", "The daemon was started but doesn't answer yet: try again, or see .agora/daemon.log.");
      }
    }
  } finally {
    over.abort();
  }
}

function hasLeft(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function ended(child: ChildProcess): Failure<"refused"> {
  if (child.pid === undefined)
    return fail("refused", `The daemon could not be started: ${process.execPath} can't be run.`);
  const how = child.signalCode === null ? `exit code ${child.exitCode}` : `signal ${child.signalCode}`;
  return fail("refused", `The daemon ended as soon as it was started (${how}): .agora/daemon.log may tell why.`);
}
