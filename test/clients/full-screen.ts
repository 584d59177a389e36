// A full-screen program in a tmux of its own, inside a namespace: driven by keys, read as a person reads it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Namespace } from "./namespace.ts";
import { until } from "./wait-until.ts";
import { openScratch } from "./scratch.ts";

export interface FullScreen extends AsyncDisposable {
  /** Types the text once the program is idle, and presses Enter when it stands there; a newline is typed as one (Ctrl-J). */
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
  /** The program's process. */
  pid(): Promise<number>;
}

export interface FullScreenOptions {
  readonly net: Namespace;
  readonly cwd: string;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** What the screen shows when the program takes input. */
  readonly ready: RegExp;
  /** How it shows that it works on something: what is sent then would go into that. */
  readonly busy?: RegExp;
  /** What stands in its input box, with more or less around it. */
  readonly inputBox?: (screen: string) => string;
}

const screenTimeoutMs = 15_000;
const startTimeoutMs = 30_000;
/** A key that follows what was typed without a pause is taken for a part of a pasted text. */
const keyPauseMs = 300;
/** What stands on the screen when the program has ended. */
export const endedLine = "client ended with";

/** Starts the program and waits until it is ready. */
export async function openFullScreen(options: FullScreenOptions): Promise<FullScreen> {
  const { net, cwd, env, command, ready, busy, inputBox } = options;
  const scratch = await openScratch();
  const tmux = async (...args: string[]): Promise<string> => {
    const own = { HOME: scratch.path, TERM: "xterm-256color", LANG: "C.UTF-8" };
    const done = await net.run("tmux", ["-S", join(scratch.path, "s"), "-f", "/dev/null", ...args], { env: own });
    if (done.code !== 0) throw new Error(`tmux ${args[0]}: ${done.stderr.trim()}`);
    return done.stdout;
  };
  const screen: FullScreen["screen"] = async ({ colours } = { colours: false }) => {
    const shown = await tmux("capture-pane", "-p", ...(colours ? ["-e"] : []), "-t", "c");
    return shown
      .replaceAll("\u00a0", " ")
      .replaceAll(/[ \t]+$/gm, "")
      .replaceAll(/\n{3,}/g, "\n\n");
  };
  const waitFor: FullScreen["waitFor"] = (pattern, timeoutMs = screenTimeoutMs) =>
    until(`${pattern} on the screen`, async () => fitting(await screen(), pattern, true), timeoutMs, screen);
  const waitGone: FullScreen["waitGone"] = (pattern, timeoutMs = screenTimeoutMs) =>
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
    if (busy !== undefined) await waitGone(busy);
    await type(text);
    // The pause before Enter counts from here: a program that was held up would read the words and the key in one go.
    const isTyped = async (): Promise<boolean> =>
      spaceless(inputBox?.(await screen()) ?? text).includes(spaceless(text));
    await until(`${JSON.stringify(text)} in the input box`, isTyped, screenTimeoutMs, screen);
    await key("Enter");
  };
  const close = async (): Promise<void> => {
    await tmux("kill-server").catch(() => {});
    await scratch[Symbol.asyncDispose]();
  };

  // env -i, because the tmux server passes its own environment on.
  const clean = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const client = ["env", "-i", ...clean, ...command];
  const shell = ["sh", "-c", `"$@"; echo ${endedLine} $?; exec cat`, "sh"];
  try {
    await tmux("new-session", "-d", "-s", "c", "-x", "160", "-y", "50", "-c", cwd, "--", ...shell, ...client);
    await waitFor(ready, startTimeoutMs);
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
    async pid() {
      const shellPid = (await tmux("display-message", "-p", "-t", "c", "#{pane_pid}")).trim();
      const children = await readFile(`/proc/${shellPid}/task/${shellPid}/children`, "utf8");
      return Number(children.trim().split(" ")[0]);
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

/** Without what a box adds when it breaks and indents lines. */
function spaceless(text: string): string {
  return text.replaceAll(/\s/g, "");
}

function fitting(screen: string, pattern: RegExp, wanted: boolean): string | false {
  // A pattern with the g flag keeps its place between tests; search does not.
  return screen.search(pattern) >= 0 === wanted && screen;
}
