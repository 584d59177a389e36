// `agora demo`: the main use case in a temporary folder, played by child processes of this executable. Nothing of it
// remains.
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Failure, fail } from "@agora/protocol";
import { type Actor, createActor } from "../demo-actor.ts";
import { playDemo } from "../demo-script.ts";
import { type DemoRelay, startDemoRelay } from "../demo-relay.ts";
import { isAlive } from "../is-alive.ts";
import { type ExitCode, print, printFailure, printJson, type Start } from "../terminal.ts";

/** It takes a few seconds; a machine that is busy with other things may take its time. */
const DEADLINE_MS = 300_000;
const LEAVE_MS = 20_000;
/** All that the children inherit: nothing of an agent's shell that may have started us, and no tokens. */
const INHERITED = ["PATH", "LANG", "TZ", "SYSTEMROOT", "PATHEXT", "COMSPEC", "TEMP", "TMP", "TMPDIR"];

/** Plays the demo and narrates it line by line; 0 if everything worked. */
export async function demo(start: Start, json: boolean): Promise<ExitCode> {
  const show = (who: string, text: string): void => (json ? printJson({ who, text }) : print(line(who, text)));
  const folder = await realpath(await mkdtemp(join(tmpdir(), "agora-demo-")));
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  const daemons = new Set<number>();
  const actors: Actor[] = [];
  let relay: DemoRelay | undefined;
  let finished = false;
  try {
    const env = childEnv(start.env, folder);
    const started = await startDemoRelay(start.entry, folder, env);
    if (!started.ok) return printFailure(started, json);
    relay = started.value;
    show("relay", `listens on ${relay.url} (pid ${relay.pid})`);
    for (const name of ["alice", "bob"])
      actors.push(await somebody(name, start, folder, { ...env, AGORA_TOKEN: relay.token }, stop.signal));
    const [alice, bob] = actors as [Actor, Actor];
    const told = playDemo(alice, bob, relay.url, show, (pid) => daemons.add(pid));
    const played = await Promise.race([told, failures(relay, stop.signal)]);
    finished = played.ok;
    if (!played.ok) return printFailure(played, json);
    await relay.end();
    const left = await stillAlive(daemons, LEAVE_MS);
    if (left.length > 0) return printFailure(fail("failed", `Still running after leaving: ${left.join(", ")}.`), json);
    return 0;
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
    stop.abort();
    // A daemon that was just starting is known only to its own project.
    if (!finished) await Promise.all(actors.map((actor) => actor.run(["stop"], AbortSignal.timeout(LEAVE_MS))));
    await relay?.end();
    for (const pid of await stillAlive(daemons, 0)) endProcess(pid);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function somebody(
  name: string,
  start: Start,
  folder: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Actor> {
  const project = join(folder, name);
  await mkdir(project);
  return createActor(name, project, start.entry, { ...env, AGORA_HOME: join(folder, `${name}-home`) }, signal);
}

/** Settles when something ends the demo early. */
async function failures(relay: DemoRelay, signal: AbortSignal): Promise<Failure> {
  const interrupted = new Promise<Failure>((resolve) => {
    signal.addEventListener("abort", () => resolve(fail("interrupted", "Interrupted.")), { once: true });
  });
  const late = sleep(DEADLINE_MS, undefined, { signal, ref: false }).then(
    () => fail("timeout", `The demo did not end within ${DEADLINE_MS / 1_000} s.`),
    () => fail("interrupted", "Interrupted."),
  );
  return Promise.race([
    relay.gone.then(() => fail("failed", "The relay ended in the middle of the demo.")),
    interrupted,
    late,
  ]);
}

function childEnv(env: Start["env"], folder: string): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { ...Object.fromEntries(inherited), HOME: folder, USERPROFILE: folder, NO_COLOR: "1" };
}

function line(who: string, text: string): string {
  return `${who.padEnd(6)} ${text}`;
}

async function stillAlive(pids: ReadonlySet<number>, patienceMs: number): Promise<number[]> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const alive = [...pids].filter(isAlive);
    if (alive.length === 0 || performance.now() >= end) return alive;
    await sleep(50);
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It exited by itself in between.
  }
}
