// Whoever stops a project while its daemon is on its way finds no socket to say so at: the list of projects has the word.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openServer, type Server } from "@agora/ipc";
import { createHandlers } from "@agora/member";
import { silentLog, systemClock } from "@agora/ports";
import { editProject, type Home, putProject, saveToken } from "@agora/user-config";
import { expect, onTestFinished, test } from "vitest";
import { startDaemon } from "./daemon.ts";

/** A project that has joined, and its home. */
async function joined(): Promise<{ readonly home: Home; readonly project: string }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "agora-stopped-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const [home, project] = [{ path: join(folder, "home") }, join(folder, "project")];
  mkdirSync(project);
  const origin = "ws://127.0.0.1:1";
  const member = { relay: origin, origin, room: "lobby", name: "alice", mode: "manual", joined: true } as const;
  await putProject(home, { path: project, ...member });
  await saveToken(home, { origin, room: "lobby", token: "a-token" });
  return { home, project };
}

test("a daemon that comes into its place after the project was stopped goes again, and has begun nothing", async () => {
  const { home, project } = await joined();
  // The place becomes free for it only when the project is stopped: an older daemon holds it until then.
  let older: Server | undefined;
  const handlers = createHandlers({
    room: () => new Promise(() => undefined),
    version: "0.0.1",
    startedAt: 0,
    leave: () => Promise.resolve(),
    async handOver() {
      await editProject(home, project, { joined: false });
      setImmediate(() => void older?.[Symbol.asyncDispose]());
    },
  });
  const held = await openServer({ home, project, version: "0.0.1", handlers, log: silentLog, clock: systemClock });
  if (!held.ok) throw new Error(held.message);
  older = held.value;
  const started = await startDaemon({ home, project, version: "0.0.2" });
  if (started.ok) await started.value[Symbol.asyncDispose]();
  expect(started).toMatchObject({ ok: false, code: "not-joined" });
  expect(readdirSync(join(home.path, "projects"))).toEqual([]);
});
