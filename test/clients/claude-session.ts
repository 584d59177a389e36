// One real Claude Code session: a run with -p to its end, or the full screen in a tmux of its own, driven by keys.
// A test reads the screen as a person would, and what the model was shown from the stand-in model.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ClaudeHome } from "./home.ts";
import { type ClaudeVersion, clientBinary } from "./installed.ts";
import type { ModelService } from "./model-service.ts";
import type { Finished, Namespace } from "./namespace.ts";
import { until } from "./patience.ts";
import type { ModelRequest } from "./request-log.ts";
import { openScratch } from "./scratch.ts";

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

export interface ClaudeSession extends AsyncDisposable {
  /** Types the text and presses Enter; a newline in it is typed as one (Ctrl-J). */
  send(text: string): Promise<void>;
  /** Types without Enter. */
  type(text: string): Promise<void>;
  /** Presses keys by their tmux names: `Escape`, `C-u`, `Enter`. */
  key(...names: string[]): Promise<void>;
  /** Waits until the screen fits and returns it. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Waits until the screen no longer fits and returns it. */
  waitGone(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** The screen as text, or with its colour codes. */
  screen(options?: { readonly colours: boolean }): Promise<string>;
  /** Every conversation request of this session's model so far. */
  requests(): Promise<ModelRequest[]>;
  /** The client's process. */
  pid(): Promise<number>;
  /** Leaves by /exit, as a person does, so that the end hooks run. */
  exit(): Promise<void>;
}

const screenTimeoutMs = 15_000;
const startTimeoutMs = 30_000;
const headlessTimeoutMs = 60_000;
/** A key that comes before the client has redrawn is lost, or taken for a part of what was just typed. */
const keyPauseMs = 300;
const endedLine = "client ended with";

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
  const scratch = await openScratch();
  const tmux = async (...args: string[]): Promise<string> => {
    const env = { HOME: scratch.path, TERM: "xterm-256color", LANG: "C.UTF-8" };
    const done = await net.run("tmux", ["-S", join(scratch.path, "s"), "-f", "/dev/null", ...args], { env });
    if (done.code !== 0) throw new Error(`tmux ${args[0]}: ${done.stderr.trim()}`);
    return done.stdout;
  };
  const screen: ClaudeSession["screen"] = async ({ colours } = { colours: false }) => {
    const shown = await tmux("capture-pane", "-p", ...(colours ? ["-e"] : []), "-t", "c");
    return shown
      .replaceAll("\u00a0", " ")
      .replaceAll(/[ \t]+$/gm, "")
      .replaceAll(/\n{3,}/g, "\n\n");
  };
  const waitFor: ClaudeSession["waitFor"] = (pattern, timeoutMs = screenTimeoutMs) =>
    until(`${pattern} on the screen`, async () => fitting(await screen(), pattern, true), timeoutMs, screen);
  const waitGone: ClaudeSession["waitGone"] = (pattern, timeoutMs = screenTimeoutMs) =>
    until(`${pattern} to leave the screen`, async () => fitting(await screen(), pattern, false), timeoutMs, screen);
  const key = async (...names: string[]): Promise<void> => {
    await pause(keyPauseMs);
    await tmux("send-keys", "-t", "c", ...names);
  };
  const type = async (text: string): Promise<void> => {
    for (const [at, line] of text.split("\n").entries()) {
      if (at > 0) await tmux("send-keys", "-t", "c", "C-j");
      if (line !== "") await tmux("send-keys", "-t", "c", "-l", "--", line);
    }
  };
  const send = async (text: string): Promise<void> => {
    await type(text);
    await key("Enter");
  };
  const close = async (): Promise<void> => {
    await tmux("kill-server").catch(() => {});
    await scratch[Symbol.asyncDispose]();
  };

  // env -i, because the tmux server passes its own environment on.
  const clean = Object.entries(claudeEnv(setup)).map(([name, value]) => `${name}=${value}`);
  const client = ["env", "-i", ...clean, clientBinary(version), ...claudeArgs(setup)];
  const shell = ["sh", "-c", `"$@"; echo ${endedLine} $?; exec cat`, "sh"];
  try {
    await tmux("new-session", "-d", "-s", "c", "-x", "160", "-y", "50", "-c", project, "--", ...shell, ...client);
    await waitFor(/^ *❯[^]*for shortcuts/m, startTimeoutMs);
    await pause(keyPauseMs);
  } catch (error) {
    await close();
    throw error;
  }

  let closing: Promise<void> | undefined;
  return {
    send,
    type,
    key,
    waitFor,
    waitGone,
    screen,
    requests: () => model.requests(),
    async pid() {
      const shellPid = (await tmux("display-message", "-p", "-t", "c", "#{pane_pid}")).trim();
      const children = await readFile(`/proc/${shellPid}/task/${shellPid}/children`, "utf8");
      return Number(children.trim().split(" ")[0]);
    },
    async exit() {
      await send("/exit");
      await waitFor(new RegExp(endedLine));
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

function fitting(screen: string, pattern: RegExp, wanted: boolean): string | false {
  // A pattern with the g flag keeps its place between tests; search does not.
  return screen.search(pattern) >= 0 === wanted && screen;
}
