// `agora resident`: runs in the foreground, says where it is, and shuts down cleanly on a signal.
import { type Env, findHome } from "@agora/user-config";
import { announcement } from "./announcement.ts";
import { readResidentConfig, type ResidentFlags } from "./config.ts";
import { type Resident, startResident } from "./resident.ts";

/** What a resident uses of its process. */
export interface ResidentProcess {
  readonly flags: ResidentFlags;
  readonly env: Env;
  readonly version: string;
  /** The executable's own file, to start a detached resident. */
  readonly entry: string;
  readonly json: boolean;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

const DONE = 0;
const FAILED = 1;
const USAGE = 2;

/** Runs until SIGTERM or SIGINT, or until it is told to leave. */
export async function runResident(own: ResidentProcess): Promise<0 | 1 | 2> {
  const config = readResidentConfig(own.flags, own.env);
  if (!config.ok) {
    own.err(config.message);
    return USAGE;
  }
  const { env, version } = own;
  const started = await startResident({ home: findHome(env), env, version, config: config.value });
  if (!started.ok) {
    own.err(started.message);
    return started.code === "usage" ? USAGE : FAILED;
  }
  const resident = started.value;
  for (const line of announcement(resident, own.json)) own.out(line);
  const failed = await ended(resident, own);
  await resident[Symbol.asyncDispose]();
  return failed ? FAILED : DONE;
}

/** Whether it ended because of an internal error. */
async function ended(resident: Resident, own: ResidentProcess): Promise<boolean> {
  const keep = setInterval(() => undefined, 60_000); // our timers are unreferenced: this one keeps the process alive
  let stop: () => void = () => undefined;
  const told = new Promise<false>((resolve) => {
    stop = () => resolve(false);
  });
  const broken = new Promise<true>((resolve) => {
    process.once("uncaughtException", (error) => {
      own.err(`agora resident: ${error.message}`);
      resolve(true);
    });
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
  const failed = await Promise.race([told, broken, resident.left.then(() => false)]);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.off(signal, stop);
  clearInterval(keep);
  return failed;
}
