// `agora resident --detach`: the same process in the background. Like any daemon, it is found by the socket it claims.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureFolder, ensureHome, fail, findHome, networkEnv, ok, scrubbedEnv } from "@agora/user-config";
import { findDaemon } from "@agora/ipc";
import type { Result } from "@agora/protocol";
import { isAnnounced } from "./announcement.ts";
import { givenFlags, readResidentConfig } from "./config.ts";
import { DETACH_MS } from "./limits.ts";
import { residentFolder, roomSettings } from "./room-host.ts";
import type { ResidentProcess } from "./run.ts";

const POLL_MS = 50;
const SHOWN_CHARS = 600;

/** A detached resident. */
export interface Detached {
  readonly pid: number;
  /** Where its output goes. */
  readonly log: string;
}

/** Starts it and waits until its socket answers. */
export async function detachResident(own: ResidentProcess): Promise<Result<Detached>> {
  const config = readResidentConfig(own.flags, own.env);
  if (!config.ok) return config;
  const home = findHome(own.env);
  const made = ensureHome(home);
  if (!made.ok) return made;
  const folder = ensureFolder(residentFolder(home));
  if (!folder.ok) return folder;
  const first = await roomSettings({
    home,
    env: own.env,
    relay: config.value.relay,
    room: config.value.rooms[0],
    name: config.value.name,
  });
  if (!first.ok) return first;
  const project = join(residentFolder(home), first.value.room);
  const before = await findDaemon({ home, project, version: own.version });
  if (before.ok) {
    before.value.close();
    return fail("already-running", `A resident of yours keeps the room ${first.value.room} already.`);
  }

  const log = join(residentFolder(home), "resident.log");
  const out = openSync(log, "w", 0o600);
  const args = givenFlags(own.flags, own.env).map(([flag, value]) => `--${flag}=${value}`);
  // The token is passed in the environment: everybody on the machine could read an argument.
  const token = own.env["AGORA_TOKEN"];
  const child = spawn(process.execPath, [own.entry, "resident", ...args], {
    cwd: home.path,
    detached: true,
    stdio: ["ignore", out, out],
    windowsHide: true,
    env: {
      ...scrubbedEnv(own.env),
      ...networkEnv(own.env),
      AGORA_HOME: home.path,
      ...(token === undefined ? {} : { AGORA_TOKEN: token }),
    },
  });
  closeSync(out);
  child.on("error", () => undefined);
  child.unref();
  const deadline = performance.now() + DETACH_MS;
  while (performance.now() < deadline) {
    const found = await findDaemon({ home, project, version: own.version });
    if (found.ok) {
      found.value.close();
      // The socket is claimed first; a gateway that can't listen says so and ends the process a moment later.
      if (isAnnounced(readFileSync(log, "utf8"))) return ok({ pid: child.pid ?? 0, log });
    }
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      return fail("refused", readFileSync(log, "utf8").trim().slice(-SHOWN_CHARS) || "The resident ended at once.");
    }
    await sleep(POLL_MS);
  }
  return fail("timeout", `The resident was started and does not answer yet: ${log} may tell why.`);
}
