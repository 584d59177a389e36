// Finds a project's daemon, or starts it and waits until it answers. A daemon is started for joined projects only, with
// an environment of its own, in the user's directory: nothing of the project or the client reaches it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Env,
  ensureSocketFolder,
  fail,
  installedDaemon,
  listProjects,
  scrubbedEnv,
  socketPlace,
} from "@agora/home";
import type { Log } from "@agora/ports";
import type { Failure, Result } from "@agora/protocol";
import type { Client } from "./client.ts";
import { findDaemon, type FindOptions, homeFailure, type OpenCode } from "./find.ts";
import { LAUNCH_TIMEOUT_MS } from "./limits.ts";
import { takeRefusal } from "./refusal.ts";

export interface OpenOptions extends Omit<FindOptions, "timeoutMs"> {
  /** The running bundle (or a `.ts` entry in development): run as `node <its copy> daemon <project>`. */
  readonly bundle: string;
  readonly env: Env;
  readonly log?: Log;
  /** From the launch until it answers, 15 s. */
  readonly timeoutMs?: number;
}

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;
/** A daemon that found another one and left, which then was gone too: so often another is started. */
const LAUNCHES = 3;

/** Speaks to the running daemon, or starts it when the project is joined and waits until it answers. */
export async function openDaemon(options: OpenOptions): Promise<Result<Client, OpenCode>> {
  const { home, project, version, log, timeoutMs = LAUNCH_TIMEOUT_MS } = options;
  const find = (): Promise<Result<Client, OpenCode>> => findDaemon({ home, project, version });
  const found = await find();
  if (found.ok || found.code !== "gone") return found;
  const projects = listProjects(home);
  if (!projects.ok) return homeFailure(projects);
  if (!projects.value.some((p) => p.path === project && p.joined)) {
    return fail("not-joined", `This project is in no room now: "agora start" joins one.`);
  }
  const folder = ensureSocketFolder(home, socketPlace(home, project));
  if (!folder.ok) return homeFailure(folder);
  const installed = await installedDaemon(home, options.bundle, version);
  if (!installed.ok) return homeFailure(installed);

  const deadline = performance.now() + timeoutMs;
  for (let launch = 1; ; launch += 1) {
    const child = startDaemon(installed.value, options);
    log?.info("daemon.launched", { pid: child.pid ?? 0, project });
    const answered = await untilAnswers(child, find, deadline);
    if (answered !== "left") return answered;
    const reason = child.pid === undefined ? undefined : takeRefusal(home, project, child.pid);
    if (reason !== undefined) return fail("refused", reason);
    if (child.exitCode !== 0 || launch === LAUNCHES) return ended(child);
  }
}

function startDaemon(path: string, { home, project, env }: OpenOptions): ChildProcess {
  const child = spawn(process.execPath, [path, "daemon", project], {
    cwd: home.path,
    detached: true,
    stdio: "ignore",
    windowsHide: true,
    env: { ...scrubbedEnv(env), AGORA_HOME: home.path },
  });
  child.on("error", () => undefined); // "left" without a pid tells
  child.unref();
  return child;
}

/** Dials until the daemon answers, or `left` when the one launched is gone and nobody else answers. */
async function untilAnswers(
  child: ChildProcess,
  find: () => Promise<Result<Client, OpenCode>>,
  deadline: number,
): Promise<Result<Client, OpenCode> | "left"> {
  const over = new AbortController();
  const exit = once(child, "exit", { signal: over.signal }).catch(() => undefined);
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      await Promise.race([sleep(pause, undefined, { signal: over.signal }).catch(() => undefined), exit]);
      const left = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
      const found = await find();
      if (found.ok || found.code !== "gone") return found;
      if (left) return "left";
      if (performance.now() > deadline) {
        return fail("timeout", "The daemon was started but doesn't answer yet: try again, or see .agora/daemon.log.");
      }
    }
  } finally {
    over.abort();
  }
}

function ended(child: ChildProcess): Failure<"refused"> {
  if (child.pid === undefined)
    return fail("refused", `The daemon could not be started: ${process.execPath} can't be run.`);
  const how = child.signalCode === null ? `exit code ${child.exitCode}` : `signal ${child.signalCode}`;
  return fail("refused", `The daemon ended as soon as it was started (${how}): .agora/daemon.log may tell why.`);
}
