// One real Codex session: `codex exec` to its end, or the full screen driven by keys.
import { setTimeout as pause } from "node:timers/promises";
import type { CodexHome } from "./codex-home.ts";
import { endedLine, type FullScreen, openFullScreen } from "./full-screen.ts";
import type { Finished, Namespace } from "./namespace.ts";
import { until } from "./wait-until.ts";

export interface CodexSetup {
  readonly net: Namespace;
  readonly home: CodexHome;
  readonly project: string;
  /** More arguments, as `-c key=value`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Let the client start its background daemon, as it does by itself. */
  readonly daemon?: boolean;
}

export interface CodexSession extends FullScreen {
  /** Leaves by /quit, as a person does. */
  exit(): Promise<void>;
}

const daemonStartMs = 20_000;
const enterAgainMs = 1_000;

/** Runs `codex exec PROMPT` to its end. */
export async function runCodex(setup: CodexSetup, prompt: string): Promise<Finished> {
  const { net, home, project, args = [], env } = setup;
  const words = ["exec", "--skip-git-repo-check", ...args, prompt];
  return net.run(home.binary, words, { env: { ...home.env(), ...env }, cwd: project });
}

/** Its input box is the last thing that the mark stands before. */
const inputBox = (screen: string): string => screen.split(/^› /m).at(-1) ?? "";

/** Opens the full-screen client in the project and waits until it takes a prompt. */
export async function openCodex(setup: CodexSetup): Promise<CodexSession> {
  const { net, home, project, args = [], env, daemon = false } = setup;
  const command = [home.binary, ...(daemon ? [] : ["--no-daemon"]), ...args];
  const ready = /Ask Codex to do anything[^]*for shortcuts/;
  const options = { net, cwd: project, command, ready, busy: /esc to interrupt/, inputBox };
  const screen = await openFullScreen({ ...options, env: { ...home.env(), ...env } });
  // While its daemon comes up, the client takes words but not Enter, and nothing on the screen tells: the words stay in
  // the input box. A prompt that was taken is followed by what became of it.
  const send = async (text: string): Promise<void> => {
    await screen.send(text);
    if (!daemon) return;
    const taken = new RegExp(`› ${text.replaceAll(/[^\w ]/g, ".")}[^]*^[•◦] `, "m");
    await until(
      "the prompt to be taken",
      async () => {
        await pause(enterAgainMs);
        if (taken.test(await screen.screen())) return true;
        await screen.key("Enter");
        return undefined;
      },
      daemonStartMs,
    );
  };
  return {
    ...screen,
    send,
    async exit() {
      await screen.send("/quit");
      await screen.waitFor(new RegExp(endedLine));
    },
  };
}
