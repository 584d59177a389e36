// One real Claude Code session: a run with -p to its end, or the full screen in a tmux of its own, driven by keys.
// A test reads the screen as a person would, and what the model was shown from the stand-in model.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
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

/**
 * Opens the full-screen client in the project and waits until it takes a prompt and has connected to the plugin's server: the
 * client takes prompts before that, and passes on to the model what a hook could not be asked about.
 */
export async function openClaude(setup: ClaudeSetup): Promise<ClaudeSession> {
  const { net, version, project, model, home } = setup;
  const before = await connected(home);
  const command = [clientBinary(version), ...claudeArgs(setup)];
  const ready = /^ *❯[^]*for shortcuts/m;
  const options = { net, cwd: project, env: claudeEnv(setup), command, ready, busy: /esc to interrupt/, inputBox };
  await using stack = new AsyncDisposableStack();
  const screen = stack.use(await openFullScreen(options));
  const isConnected = async (): Promise<boolean> => [...(await connected(home))].some((log) => !before.has(log));
  await until("the session's server to be connected", isConnected, connectTimeoutMs, () => screen.screen());
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

/**
 * The client's own logs, one for each process and server, of those processes in this HOME that have taken in a plugin's server: they
 * say what they make of its channel right after that, and of the connection itself a moment before.
 */
async function connected(home: ClaudeHome): Promise<ReadonlySet<string>> {
  const folder = join(home.path, ".cache", "claude-cli-nodejs");
  const all = await readdir(folder, { recursive: true }).catch(() => []);
  const logs = all.filter((path) => /mcp-logs-plugin-[^/]*\/[^/]*\.jsonl$/.test(path));
  const takenIn = await Promise.all(
    logs.map(async (log) => (await readFile(join(folder, log), "utf8")).includes("Channel notifications")),
  );
  return new Set(logs.filter((_, at) => takenIn[at]));
}
