// hook-empty, hook-20: what a hook costs that the seat answers, against an empty call of the MCP SDK. hook-command: a command
// hook with nothing new, against starting Node, by CPU time.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ChildTimes, NO_CPU } from "./cpu.ts";
import { openEmptyServer, openRoomServer } from "./mcp-client.ts";
import { openPair, pluginRoot, type Side } from "./pair.ts";
import { median, type Row } from "./row.ts";

const EMPTY_TURNS = 300;
const ROUNDS = 15;
const NEW_MESSAGES = 20;
const COMMANDS = 25;
const TEXT = "The quick brown fox jumps over the lazy dog and looks for the failing test in the second module. ".repeat(
  2,
);

const hookInput = (event: string): Record<string, string> => ({
  event,
  prompt: event === "UserPromptSubmit" ? "please go on" : "",
  session: "bench",
  promptId: "p",
  agentId: "",
  tool: "",
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Measures the hooks. */
export async function hook(): Promise<Row[]> {
  await using pair = await openPair();
  await using room = await openRoomServer(pair.alice);
  await using empty = await openEmptyServer();
  const ask = (event: string) => room.call("hook", hookInput(event));
  const reference = (bytes = 0) => empty.call("hook", { ...hookInput("UserPromptSubmit"), bytes: String(bytes) });

  for (let i = 0; i < 50; i++) {
    await ask("UserPromptSubmit");
    await ask("Stop");
    await reference();
  }
  const nothing = await emptyHooks(ask, reference);
  const twenty = await fullHooks((count, text) => pair.say(count, text), ask, reference);
  const command = await commandHook(pair.alice);
  return [
    row("hook-empty", 1.2, nothing, "a turn's hooks, nothing new"),
    row("hook-20", 1.6, twenty, `${NEW_MESSAGES} new at a prompt, against as many bytes`),
    command,
  ];
}

interface Figures {
  readonly ours: number;
  readonly reference: number;
}

/** A turn's three hooks, then as many calls of the reference: what follows upon each other is warm for both. */
async function emptyHooks(ask: (event: string) => Promise<string>, reference: () => Promise<string>): Promise<Figures> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < EMPTY_TURNS; i++) {
    for (const event of ["UserPromptSubmit", "PostToolUse", "Stop"]) {
      let answer = "";
      ours.push(await timed(async () => (answer = await ask(event))));
      if (answer !== "{}") throw new Error(`${event} was not empty: ${answer.slice(0, 200)}`);
    }
    for (let k = 0; k < 3; k++) theirs.push(await timed(() => reference()));
  }
  return { ours: median(ours), reference: median(theirs) };
}

async function fullHooks(
  say: (count: number, text: string) => Promise<void>,
  ask: (event: string) => Promise<string>,
  reference: (bytes: number) => Promise<string>,
): Promise<Figures> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await say(NEW_MESSAGES, TEXT);
    let answer = "";
    ours.push(await timed(async () => (answer = await ask("UserPromptSubmit"))));
    if (answer.split("quick brown fox jumps").length <= NEW_MESSAGES)
      throw new Error("Not all that was new was handed.");
    theirs.push(await timed(() => reference(Buffer.byteLength(answer))));
    await ask("PostToolUse");
    await ask("Stop");
  }
  return { ours: median(ours), reference: median(theirs) };
}

/** By CPU time: a whole process is started. */
async function commandHook(side: Side): Promise<Row> {
  const fixed = { name: "hook-command", goal: 1.45, better: "lower" } as const;
  if (NO_CPU !== undefined) return { ...fixed, ratio: null, why: NO_CPU };
  const { hooks } = JSON.parse(readFileSync(join(pluginRoot, "hooks", "hooks.json"), "utf8")) as {
    hooks: { SessionStart: { hooks: { args: string[] }[] }[] };
  };
  const args = hooks.SessionStart[0]!.hooks[0]!.args.map((arg) => arg.replace("${CLAUDE_PLUGIN_ROOT}", pluginRoot));
  const input = JSON.stringify({ session_id: "bench", source: "resume", hook_event_name: "SessionStart" });
  const [ours, reference] = [new ChildTimes(), new ChildTimes()];
  for (let i = 0; i < COMMANDS; i++) {
    await ours.run(() => run(args, side, input));
    await reference.run(() => run(["-e", "0"], side, ""));
  }
  const why = `session-start of a joined project, resumed: ${ours.text} against ${reference.text}`;
  return { ...fixed, ratio: ours.cpuMs / reference.cpuMs, why };
}

function run(args: readonly string[], { env, project }: Side, input: string): Promise<void> {
  const child = spawn(process.execPath, args, { env, cwd: project, stdio: ["pipe", "ignore", "inherit"] });
  child.stdin.on("error", () => undefined).end(input);
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

function row(name: string, goal: number, { ours, reference }: Figures, what: string): Row {
  const why = `${what}: ${ours.toFixed(2)} against ${reference.toFixed(2)} ms`;
  return { name, ratio: ours / reference, goal, better: "lower", why };
}
