// `node scripts/apart.ts PROGRAM [WORD…]`: runs a program outside of the process tree of an agent. Agora knows an agent by the
// processes above it, and many tests play a person: started by an agent, they would all be refused. Where no agent is above, the
// program simply runs. This gives an agent nothing it lacks: docs/security.md says that whoever detaches twice isn't seen.
import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { agentAbove } from "../packages/user-config/src/agent-above.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** The line that lets the keeper begin. */
const START = "start";
/** The descriptor of the keeper's line to us. */
const LINE = 3;

/** The exit code of a process as a shell gives it. */
function codeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(`${child.spawnfile} could not be started: ${error.message}`);
      resolve(127);
    });
    child.once("close", (code, signal) => resolve(codeOf(code, signal)));
  });
}

/** Runs the program below us, as a shell would. */
function runBelow([program, ...words]: readonly [string, ...string[]]): Promise<number> {
  const child = spawn(program, words, { stdio: "inherit" });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return ended(child);
}

/**
 * Runs the program below a keeper whose parent is gone: a shell starts the keeper and leaves. The keeper holds a line to us: it
 * begins when the shell has left, is told our signals, tells the exit code, and ends the program when we are gone.
 */
async function runApart(command: readonly string[]): Promise<number> {
  // A shell gives what runs in the background no input of its own accord.
  const words = [
    "-c",
    'exec 4<&0; "$@" <&4 4<&- &',
    "sh",
    process.execPath,
    import.meta.filename,
    "--keep",
    ...command,
  ];
  const shell = spawn("/bin/sh", words, { stdio: ["inherit", "inherit", "inherit", "pipe"], detached: true });
  const line = shell.stdio[LINE] as Socket;
  shell.once("exit", () => line.write(`${START}\n`));
  for (const signal of SIGNALS) process.on(signal, () => line.write(`${signal}\n`));
  let told = "";
  line.setEncoding("utf8").on("data", (text: string) => (told += text));
  await new Promise((resolve) => line.once("close", resolve).once("error", resolve));
  if (told !== "") return Number(told);
  console.error("The program's keeper was killed.");
  return 1;
}

/** The keeper's part. */
function keep([program = "", ...words]: readonly string[]): void {
  const line = new Socket({ fd: LINE });
  let child: ChildProcess | undefined;
  // Its group: what it started ends with it, as at a terminal.
  const end = (signal: NodeJS.Signals): void => {
    try {
      if (child?.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  const start = async (): Promise<void> => {
    child = spawn(program, words, { stdio: "inherit", detached: true });
    line.end(String(await ended(child)));
  };
  for (const signal of SIGNALS) process.on(signal, () => end(signal));
  line.on("error", () => end("SIGTERM")).once("close", () => end("SIGTERM"));
  createInterface(line).on("line", (text) => {
    if (text === START) void start();
    else if (SIGNALS.some((signal) => signal === text)) end(text as NodeJS.Signals);
  });
}

const [first, ...rest] = process.argv.slice(2);
if (first === undefined) {
  console.error("Name a program: node scripts/apart.ts PROGRAM [WORD…]");
  process.exitCode = 2;
} else if (first === "--keep") keep(rest);
else process.exitCode = await (agentAbove() === undefined ? runBelow([first, ...rest]) : runApart([first, ...rest]));
