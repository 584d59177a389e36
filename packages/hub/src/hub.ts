// The hub's process: claims its socket, answers requests over all rooms, and leaves when nobody needs it. The only composition
// of real parts.
import { join } from "node:path";
import { type AnyHandlers, HUB, handOver, leaveRefusal, type Server, takePlace } from "@agora/ipc";
import { HUB_REQUESTS } from "@agora/ipc/hub-requests";
import type { Via } from "@agora/ipc/messages";
import { refusalBy } from "@agora/ipc/permission";
import { fileLog, systemClock } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import { checkFolder, type Env, type Home, isNewer, listProjects } from "@agora/user-config";
import { createConsole, type HubConsole } from "./console.ts";
import { IDLE_MS, NEEDED_MS, UNSEEN_MS } from "./limits.ts";
import { Rooms } from "./rooms.ts";

export interface HubOptions {
  readonly home: Home;
  readonly version: string;
  /** The running executable. */
  readonly bundle: string;
  readonly env: Env;
  /** A hub of the same version hands over, too. */
  readonly again: boolean;
}

/** Runs until it has left; returns the exit code. One that isn't older is left in its place: that is 0, too. */
export async function runHub({ home, version, bundle, env, again }: HubOptions): Promise<0 | 1> {
  const clock = systemClock;
  const log = fileLog(join(home.path, "hub.log"));
  const rooms = new Rooms({ home, version, clock });
  const web = createConsole({ home, version, bundle, env, rooms, clock, log });
  const need = createNeed(home, web);
  let settle: () => void = () => undefined;
  const left = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let server: Server | undefined;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      await web.close();
      rooms.close();
      await server?.[Symbol.asyncDispose]();
      settle();
    })());

  const handlers: AnyHandlers = {
    async openConsole({ via, project }: { readonly via: Via; readonly project: string }) {
      const refusal = refusalBy(HUB_REQUESTS.openConsole, { via });
      if (refusal !== undefined) return fail("not-allowed", refusal);
      need.seen(); // whoever got the address comes within minutes
      return web.enter(project);
    },
    rooms: async () => ok({ rooms: await rooms.look() }),
    async handOver({ version: theirs, again: same }: { readonly version: string; readonly again: boolean }) {
      const leaving = isNewer(theirs, version) || (same && theirs === version);
      if (leaving && server !== undefined) void handOver(server, () => undefined, close);
      return ok({ leaving });
    },
  };
  const taken = await takePlace({ home, project: HUB, version, again, handlers, requests: HUB_REQUESTS, log, clock });
  if (!taken.ok) return notTaken(home, taken);
  server = taken.value;
  log.info("hub.started", { pid: process.pid, version });
  void server.replaced.then(close);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void close());
  await web.resume();
  clock.every(NEEDED_MS, () => {
    if (!need.holds()) void close();
  });
  const alive = setInterval(() => undefined, 60_000); // our timers are unreferenced: this one keeps the process alive
  await left;
  clearInterval(alive);
  return 0;
}

function notTaken(home: Home, failure: Extract<Result<never>, { ok: false }>): 0 | 1 {
  if (failure.code === "already-running") return 0;
  leaveRefusal(home, HUB, failure.message);
  process.stderr.write(`agora hub: ${failure.message}\n`);
  return 1;
}

/** Whether the hub is needed: there is a room, and somebody looks or may come back. */
function createNeed(home: Home, web: HubConsole): { readonly holds: () => boolean; readonly seen: () => void } {
  let seenAt = systemClock.steady();
  const seen = (): void => {
    seenAt = systemClock.steady();
  };
  return {
    seen,
    holds() {
      const folder = checkFolder(home.path);
      if (!folder.ok || !folder.value) return false;
      const projects = listProjects(home);
      if (projects.ok && !projects.value.some(({ joined }) => joined)) return false;
      if (web.pages > 0) seen();
      return systemClock.steady() - seenAt < (web.isExpected ? UNSEEN_MS : IDLE_MS);
    },
  };
}
