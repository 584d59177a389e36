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

/**
 * Speaks to the running daemon, or starts it when the project is joined and waits until it answers. An older one is renewed
 * first: a newer is launched, which asks it to hand over; should that fail, the older one serves on.
 */
export async function openDaemon(options: OpenOptions): Promise<Result<Client, OpenCode>> {
  const { home, project, version, timeoutMs = LAUNCH_TIMEOUT_MS } = options;
  const place = socketPlace(home, project);
  const find = (): Promise<Result<Client, OpenCode>> => findDaemon({ home, project, version });
  let found = await find();
  for (const end = performance.now() + GAP_MS; isAway(found) && isMoving(place) && performance.now() < end;) {
    await sleep(MOVING_PAUSE_MS);
    found = await find();
  }
  if (!isToRenew(found, options) && !isAway(found)) return found;
  const codes = await daemonCodes(options);
  if (found.ok || found.code === "older-version") {
    const first = codes.ok ? codes.value[0] : undefined;
    if (first === undefined || (hasStayed(place) && options.renew !== true)) return found;
    return renew(found, first, options);
  }
  if (!codes.ok) return codes;
  const deadline = performance.now() + timeoutMs;
  let last: Result<Client, OpenCode> = found;
  for (const code of codes.value) {
    last = await launch(code, options, deadline);
    if (last.ok || last.code !== "ended") return last;
  }
  return last;
}
function ended(child: ChildProcess): Failure<"refused"> {
  if (child.pid === undefined)
    return fail("refused", `The daemon could not be started: ${process.execPath} can't be run.`);
  const how = child.signalCode === null ? `exit code ${child.exitCode}` : `signal ${child.signalCode}`;
  return fail("refused", `The daemon ended as soon as it was started (${how}): .agora/daemon.log may tell why.`);
}
