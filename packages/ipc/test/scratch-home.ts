// A home with one joined project, for one test.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Home, putProject } from "@agora/user-config";
import { onTestFinished } from "vitest";

export interface Scratch {
  readonly home: Home;
  readonly project: string;
}

/** Creates a home with a project in it, removed afterwards. */
export async function scratchHome(joined = true): Promise<Scratch> {
  const path = realpathSync.native(mkdtempSync(join(tmpdir(), "agora-ipc-")));
  onTestFinished(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  const home = { path: join(path, "home") };
  const project = join(path, "project");
  mkdirSync(project);
  const relay = { relay: "ws://127.0.0.1:1/ws", origin: "ws://127.0.0.1:1" };
  await putProject(home, { path: project, ...relay, room: "main", name: "alice", mode: "manual", joined });
  return { home, project };
}

/** Whether a process is alive. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
