// Running processes: each listed project's daemon, which is asked how much is waiting there and is stopped first; then
// anything else running from the home's copies.
import { setTimeout as sleep } from "node:timers/promises";
import { editProject, type Home, listProjects, type Project } from "@agora/user-config";
import { findDaemon, type Results } from "@agora/ipc";
import { fail, ok, type Result } from "@agora/protocol";
import { isAlive } from "../is-alive.ts";
import { VERSION } from "../version.ts";
import type { Item } from "./item.ts";
import { ownProcesses, type OwnProcess } from "./processes.ts";

const ASK_TIMEOUT_MS = 5_000;
const END_TIMEOUT_MS = 10_000;
const POLL_MS = 50;

/** A listed project with its daemon's status; undefined where none runs. */
export interface Listed {
  readonly project: Project;
  readonly status: Results["status"] | undefined;
}

/** All listed projects; a stopped daemon is not started just to be asked. */
export async function listed(home: Home): Promise<Result<readonly Listed[]>> {
  const projects = listProjects(home);
  if (!projects.ok) return projects;
  return ok(await Promise.all(projects.value.map(async (project) => ({ project, status: await ask(home, project) }))));
}

async function ask(home: Home, { path }: Project): Promise<Results["status"] | undefined> {
  const client = await findDaemon({ home, project: path, version: VERSION });
  if (!client.ok) return undefined;
  try {
    const status = await client.value.request("status", {}, { timeoutMs: ASK_TIMEOUT_MS });
    return status.ok ? status.value : undefined;
  } finally {
    client.value.close();
  }
}

/** One item for each running daemon, and one for each other process of ours. */
export function daemonItems(home: Home, projects: readonly Listed[]): Item[] {
  const running = projects.flatMap(({ project, status }) => (status === undefined ? [] : [{ project, status }]));
  const known = new Set(running.map(({ status }) => status.daemon.pid));
  const others = ownProcesses(home).filter(({ pid }) => !known.has(pid));
  return [
    ...running.map(({ project, status }): Item => {
      const sessions = status.seats.filter(({ connected }) => connected).length;
      const open =
        sessions === 0
          ? ""
          : sessions === 1
            ? "; 1 open session of a client keeps a server until it ends"
            : `; ${sessions} open sessions of a client keep a server until they end`;
      return {
        kind: "daemon",
        what: `the daemon of ${project.path} (process ${status.daemon.pid})${open}`,
        take: () => endDaemonOf(home, project, status.daemon.pid),
      };
    }),
    ...others.map((one): Item => ({
      kind: "daemon",
      what: `process ${one.pid}: agora ${roleOf(one)}`,
      take: () => endProcess(one.pid),
    })),
  ];
}

function roleOf({ words }: OwnProcess): string {
  const at = words.findIndex((word) => /agora\.mjs$|\.cjs$/.test(word));
  return (
    words
      .slice(at + 1, at + 3)
      .join(" ")
      .trim() || "program"
  );
}

/** Update the list first: no hook may start it again behind our back. */
async function endDaemonOf(home: Home, project: Project, pid: number): Promise<Result<undefined>> {
  const edited = await editProject(home, project.path, { joined: false });
  if (!edited.ok && edited.code !== "not-listed") return edited;
  const client = await findDaemon({ home, project: project.path, version: VERSION });
  if (client.ok) {
    await client.value.request("stop", { via: "cli" }, { timeoutMs: ASK_TIMEOUT_MS });
    client.value.close();
    if (await isGone(pid, END_TIMEOUT_MS)) return ok(undefined);
  }
  return endProcess(pid);
}

async function endProcess(pid: number): Promise<Result<undefined>> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return ok(undefined); // it is gone
    }
    if (await isGone(pid, END_TIMEOUT_MS)) return ok(undefined);
  }
  return fail("failed", `Process ${pid} does not end.`);
}

async function isGone(pid: number, patienceMs: number): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (isAlive(pid)) {
    if (performance.now() > end) return false;
    await sleep(POLL_MS);
  }
  return true;
}
