// Finds a project's daemon, starts it if needed, and replaces one that is older than the caller. Only joined projects get a
// daemon.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  daemonCode,
  type DaemonCode,
  ensureSocketFolder,
  fail,
  type Home,
  isNewer,
  listProjects,
  ok,
  type SocketPath,
  socketPath,
} from "@agora/user-config";
import type { Result } from "@agora/protocol";
import type { Client } from "./client.ts";
import { type Find, launchDaemon, type ProcessOptions, startDaemon, untilAnswers } from "./daemon-process.ts";
import { findDaemon, type FindOptions, homeFailure, type OpenCode } from "./find.ts";
import { hasStayed, isMoving, noteStayed } from "./hand-over.ts";
import { GAP_MS, LAUNCH_TIMEOUT_MS, RENEW_TIMEOUT_MS } from "./limits.ts";

export interface OpenOptions extends Omit<FindOptions, "timeoutMs" | "speak">, ProcessOptions {
  /** The running bundle (or a `.ts` entry in development): run as `node <its copy> daemon <project>`. */
  readonly bundle: string;
  /** From the launch until it answers; 15 s by default. */
  readonly timeoutMs?: number;
  /** Make a daemon of our own version hand over to a new process, too. */
  readonly renew?: boolean;
  /** Whether one may be launched; by default only for a joined project. */
  readonly mayRun?: () => Result<void, OpenCode>;
}

/** Pause between two looks for a successor that is on its way. */
const MOVING_PAUSE_MS = 25;

/**
 * Connects to the running daemon, or, in a joined project, starts it and waits until it answers. An older daemon is replaced
 * first: the newest code is launched and asks it to hand over; if that fails, the older one carries on.
 */
export async function openDaemon(options: OpenOptions): Promise<Result<Client, OpenCode>> {
  const { home, project, version, timeoutMs = LAUNCH_TIMEOUT_MS } = options;
  const place = socketPath(home, project);
  const find: Find = () => findDaemon({ home, project, version });
  const found = await findSettled(find, place);
  const older = isOlder(found, options);
  if (!older && (found.ok || found.code !== "gone")) return found;
  if (older && hasStayed(place) && options.renew !== true) return found;
  const codes = await codesFor(options, place);
  if (!codes.ok) return found.ok ? found : codes;
  if (older) return renewed(found, codes.value[0]!, options, find, place);
  const deadline = performance.now() + timeoutMs;
  let last: Result<Client, OpenCode> = found;
  for (const code of codes.value) {
    const launched = await launchDaemon(code, options, find, deadline);
    last = launched.found;
    if (launched.crashed !== true) break;
  }
  return last;
}

/** Finds the running daemon; during a hand-over, waits for the successor. */
async function findSettled(find: Find, place: SocketPath): Promise<Result<Client, OpenCode>> {
  const end = performance.now() + GAP_MS;
  for (;;) {
    const found = await find();
    if (found.ok || found.code !== "gone" || !isMoving(place) || performance.now() > end) return found;
    await sleep(MOVING_PAUSE_MS);
  }
}

function isOlder(found: Result<Client, OpenCode>, { version, renew }: OpenOptions): boolean {
  if (!found.ok) return found.code === "older-version";
  const theirs = found.value.daemon.version;
  return isNewer(version, theirs) || (renew === true && !isNewer(theirs, version));
}

/** The program copies to try, best first; only for a joined project. */
async function codesFor(
  { home, project, bundle, version, mayRun = () => isJoined(home, project) }: OpenOptions,
  place: SocketPath,
): Promise<Result<readonly DaemonCode[], OpenCode>> {
  const may = mayRun();
  if (!may.ok) return may;
  const folder = ensureSocketFolder(home, place);
  if (!folder.ok) return homeFailure(folder);
  const codes = await daemonCode(home, bundle, version);
  return codes.ok ? codes : homeFailure(codes);
}

function isJoined(home: Home, project: string): Result<void, OpenCode> {
  const projects = listProjects(home);
  if (!projects.ok) return homeFailure(projects);
  return projects.value.some((p) => p.path === project && p.joined)
    ? ok(undefined)
    : fail("not-joined", `This project is not in a room now: "agora start" joins one.`);
}

/** Launches a successor to the daemon that was found, and returns a connection to the one that serves afterwards. */
async function renewed(
  found: Result<Client, OpenCode>,
  code: DaemonCode,
  options: OpenOptions,
  find: Find,
  place: SocketPath,
): Promise<Result<Client, OpenCode>> {
  const child = startDaemon(code, options, options.renew);
  const exit = once(child, "exit").catch(() => undefined);
  const deadline = performance.now() + RENEW_TIMEOUT_MS;
  const left = found.ok ? found.value.closed.then(() => "left" as const) : untilAnswers(child, find, deadline);
  const late = new AbortController();
  const outcome = await Promise.race([
    left,
    ...(found.ok ? [exit] : []),
    sleep(RENEW_TIMEOUT_MS, undefined, { signal: late.signal }).catch(() => undefined),
  ]);
  late.abort();
  if (typeof outcome === "object" && "ok" in outcome) return outcome;
  if (found.ok && outcome === "left") {
    const answered = await untilAnswers(child, find, performance.now() + LAUNCH_TIMEOUT_MS);
    // It died in between: nobody is there now, and a normal launch helps.
    return answered === "left" ? openDaemon({ ...options, renew: false }) : answered;
  }
  if (child.exitCode !== null) noteStayed(place); // it couldn't, rather than being held up
  options.log?.warn("daemon.stayed", { project: options.project });
  return found;
}
