// One real Claude Code session: a run with -p to its end or for several prompts, or the full screen in a tmux of its own, driven by keys.
// A test reads the screen as a person would, and what the model was shown from the stand-in model.
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { endedLine, type FullScreen, openFullScreen } from "./full-screen.ts";
import type { ClaudeHome } from "./home.ts";
import { type ClaudeVersion, clientBinary } from "./installed.ts";
import type { ModelService } from "./model-service.ts";
import type { Finished, Namespace } from "./namespace.ts";
import type { ModelRequest } from "./request-log.ts";
import { until } from "./wait-until.ts";

export interface ClaudeSetup {
  readonly net: Namespace;
  readonly version: ClaudeVersion;
  readonly home: ClaudeHome;
  readonly project: string;
  readonly model: ModelService;
  /** More arguments, as `--allowedTools` or `--continue`. */
  readonly args?: readonly string[];
  /** More environment, as a shell of the person would have it. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ClaudeSession extends FullScreen {
  /** Every conversation request of this session's model so far. */
  requests(): Promise<ModelRequest[]>;
  /** Leaves by /exit, as a person does, so that the end hooks run. */
  exit(): Promise<void>;
}

const connectTimeoutMs = 30_000;
const answerTimeoutMs = 60_000;

/** What the client logs of a server that it has connected to. */
const IS_CONNECTED = "Connection established";
/** What the full screen logs right after that. */
const IS_TAKEN_IN = "Channel notifications";

function claudeArgs({ home, args = [] }: ClaudeSetup): string[] {
  // The newer version would start in auto mode.
  return [...home.args, "--permission-mode", "default", ...args];
}

function claudeEnv({ home, model, env }: ClaudeSetup): Record<string, string> {
  return { ...home.env(model.url), ...env };
}

/** Runs `claude -p PROMPT` to its end. */
export async function runClaude(setup: ClaudeSetup, prompt: string): Promise<Finished> {
  const { net, version, project } = setup;
  return net.run(clientBinary(version), [...claudeArgs(setup), "-p", prompt], { env: claudeEnv(setup), cwd: project });
}

/** Its input box lies between the last two rules that cross the screen. */
const inputBox = (screen: string): string => screen.split(/^─{100,}$/m).at(-2) ?? "";

export interface ClaudeConversation extends AsyncDisposable {
  /** Gives the prompt, waits until the client is done with it, and gives what it answered. */
  ask(prompt: string): Promise<string>;
}

/**
 * Starts `claude -p` as a program does that has several prompts for it, one JSON line each: starting the client costs more than a
 * second of a processor. Waits until it has connected to the plugin's server: the older version asks the model what a hook could
 * not be asked about, with -p too, when the server takes three seconds to start.
 */
export async function converseWithClaude(setup: ClaudeSetup): Promise<ClaudeConversation> {
  const { net, version, project, home } = setup;
  const before = await connected(home, IS_CONNECTED);
  const words = ["-p", "--verbose", "--input-format", "stream-json", "--output-format", "stream-json"];
  const child = net.spawn(clientBinary(version), [...claudeArgs(setup), ...words], {
    env: claudeEnv(setup),
    cwd: project,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const seen: string[] = [];
  const answers: string[] = [];
  createInterface(child.stdout!).on("line", (line) => {
    seen.push(line);
    if (!line.startsWith("{")) return;
    const { type, result } = JSON.parse(line) as { readonly type: string; readonly result?: string };
    if (type === "result") answers.push(result ?? "");
  });
  createInterface(child.stderr!).on("line", (line) => seen.push(line));
  child.stdin!.on("error", (error) => seen.push(error.message));
  await connectedSince(before, home, IS_CONNECTED, () => seen.join("\n"));
  let asked = 0;
  return {
    async ask(prompt) {
      const at = asked++;
      child.stdin!.write(`${JSON.stringify({ type: "user", message: { role: "user", content: prompt } })}\n`);
      await until(
        `an answer to ${prompt}`,
        () => answers.length > at,
        answerTimeoutMs,
        () => seen.join("\n"),
      );
      return answers[at]!;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/**
 * Opens the full-screen client in the project and waits until it takes a prompt and has connected to the plugin's server: the
 * client takes prompts before that, and passes on to the model what a hook could not be asked about.
 */
export async function openClaude(setup: ClaudeSetup): Promise<ClaudeSession> {
  const { net, version, project, model, home } = setup;
  const before = await connected(home, IS_TAKEN_IN);
  const command = [clientBinary(version), ...claudeArgs(setup)];
  const ready = /^ *❯[^]*for shortcuts/m;
  const options = { net, cwd: project, env: claudeEnv(setup), command, ready, busy: /esc to interrupt/, inputBox };
  await using stack = new AsyncDisposableStack();
  const screen = stack.use(await openFullScreen(options));
  await connectedSince(before, home, IS_TAKEN_IN, () => screen.screen());
  stack.move();
  return {
    ...screen,
    requests: () => model.requests(),
    async exit() {
      await screen.send("/exit");
      await screen.waitFor(new RegExp(endedLine));
    },
  };
}

async function connectedSince(
  before: ReadonlySet<string>,
  home: ClaudeHome,
  mark: string,
  seen: () => Promise<string> | string,
): Promise<void> {
  const isConnected = async (): Promise<boolean> => [...(await connected(home, mark))].some((log) => !before.has(log));
  await until("the session's server to be connected", isConnected, connectTimeoutMs, seen);
}

/**
 * The client's own logs, one for each process and server, of those processes in this HOME that have told the mark of a plugin's
 * server: the connection itself, and on the full screen, right after that, what they make of its channel.
 */
async function connected(home: ClaudeHome, mark: string): Promise<ReadonlySet<string>> {
  const folder = join(home.path, ".cache", "claude-cli-nodejs");
  const all = await readdir(folder, { recursive: true }).catch(() => []);
  const logs = all.filter((path) => /mcp-logs-plugin-[^/]*\/[^/]*\.jsonl$/.test(path));
  const marked = await Promise.all(logs.map(async (log) => (await readFile(join(folder, log), "utf8")).includes(mark)));
  return new Set(logs.filter((_, at) => marked[at]));
}
