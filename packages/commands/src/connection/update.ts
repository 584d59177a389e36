// `update`: says how to get a newer version, depending on how this one was installed, and makes the daemon hand over to a
// new process with the newest code available. Nothing in progress is lost.
import { join } from "node:path";
import { findProject, isNewer } from "@agora/user-config";
import type { Result } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { defineCommand } from "../define-command.ts";
import { installationOf, type InstallWay } from "../install-way.ts";
import { noWords } from "../read-value.ts";
import { READY_TIMEOUT_MS } from "./ready.ts";

interface UpdateResult {
  /** This program's version. */
  readonly version: string;
  readonly way: InstallWay;
  readonly restarted: boolean;
  /** The daemon's version, if there is one. */
  readonly daemon?: string;
  /** How to get a newer version, to be typed in a terminal. */
  readonly how: readonly string[];
}

export const update = defineCommand({
  summary: "how to update; restarts the daemon",
  words: [],
  options: [],
  group: "Setup",
  example: "agora update",
  launches: true,
  read: noWords,
  run,
});

async function run(_: object, around: CommandContext): Promise<Answer<UpdateResult>> {
  const { version, entry, home } = around;
  const place = findProject(home, around.project);
  if (!place.ok) return place;
  const daemon = place.value.project?.joined === true ? await renewDaemon(around) : undefined;
  if (daemon?.ok === false) return daemon;
  const { way, how } = installationOf(entry, join(home.path, "bin", "agora.mjs"));
  const lines = [`agora ${version}; ${daemonWords(daemon?.value, version)}`];
  if (how.length > 0) lines.push("to get a newer version:", ...how.map((line) => `  ${line}`));
  return {
    ok: true,
    data: {
      version,
      way,
      restarted: daemon?.value.restarted === true,
      ...(daemon === undefined ? {} : { daemon: daemon.value.version }),
      how,
    },
    lines,
  };
}

interface Renewed {
  readonly version: string;
  readonly restarted: boolean;
}

async function renewDaemon(around: CommandContext): Promise<Result<Renewed>> {
  const before = around.now();
  const daemon = await around.renew();
  if (!daemon.ok) return daemon;
  const timeoutMs = READY_TIMEOUT_MS;
  const ready = await daemon.value.request("ready", { timeoutMs }, { timeoutMs: timeoutMs * 2 });
  if (!ready.ok && ready.code !== "timeout") return ready; // a missing relay is no reason to fail
  const status = await daemon.value.request("status", {});
  if (!status.ok) return status;
  const { startedAt, version } = status.value.daemon;
  return { ok: true, value: { version, restarted: startedAt >= before } };
}

function daemonWords(daemon: Renewed | undefined, version: string): string {
  if (daemon === undefined) return "this project is not in a room: there was no daemon to restart";
  if (daemon.restarted) {
    return daemon.version === version
      ? "the daemon was restarted"
      : `the daemon was restarted and is agora ${daemon.version}`;
  }
  return isNewer(daemon.version, version)
    ? `the daemon is agora ${daemon.version} already, newer than this: a new session or terminal has it too`
    : `the daemon goes on as agora ${daemon.version}: a new one could not take over (.agora/daemon.log may tell why)`;
}
