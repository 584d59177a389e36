// One real Claude Code session: a run with -p to its end, or the full screen in a tmux of its own, driven by keys.
// A test reads the screen as a person would, and what the model was shown from the stand-in model.
import { endedLine, type FullScreen, openFullScreen } from "./full-screen.ts";
import type { ClaudeHome } from "./home.ts";
import { type ClaudeVersion, clientBinary } from "./installed.ts";
import type { ModelService } from "./model-service.ts";
import type { Finished, Namespace } from "./namespace.ts";
import type { ModelRequest } from "./request-log.ts";

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

const headlessTimeoutMs = 60_000;

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
  const options = { env: claudeEnv(setup), cwd: project, timeoutMs: headlessTimeoutMs };
  return net.run(clientBinary(version), [...claudeArgs(setup), "-p", prompt], options);
}

/** Opens the full-screen client in the project and waits until it takes a prompt. */
export async function openClaude(setup: ClaudeSetup): Promise<ClaudeSession> {
  const { net, version, project, model } = setup;
  const command = [clientBinary(version), ...claudeArgs(setup)];
  const ready = /^ *❯[^]*for shortcuts/m;
  const screen = await openFullScreen({ net, cwd: project, env: claudeEnv(setup), command, ready });
  return {
    ...screen,
    requests: () => model.requests(),
    async exit() {
      await screen.send("/exit");
      await screen.waitFor(new RegExp(endedLine));
    },
  };
}
