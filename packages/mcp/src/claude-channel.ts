// Claude Code's channel: a server may push a note into the open session, if the person started the client with a flag for
// it. The client never says whether it listens, and silently drops what it doesn't want. So we look for the flag, and stop
// using the channel when a push brings no sign of life from the session.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Env } from "@agora/user-config";
import type { QueueMessage } from "./queue-waker.ts";

/** Declares the server as a channel; without the person's flag this has no effect. */
export const CHANNEL_CAPABILITIES = { "claude/channel": {} } as const;

const METHOD = "notifications/claude/channel";
const PS_TIMEOUT_MS = 2_000;

/** Sends a note into the session of the client that `server` serves; only the fixed words of a wake-up may be sent. */
export function createChannel(server: () => Server): QueueMessage {
  return async (_, content) => {
    try {
      await server().notification({ method: METHOD, params: { content, meta: { kind: "wake" } } });
      return true;
    } catch {
      return false;
    }
  };
}

/** Whether the client process `pid` was started with us as a channel; AGORA_CLAUDE_CHANNEL=1 says so too. */
export async function isChannelEnabled(pid: number, env: Env): Promise<boolean> {
  if (env["AGORA_CLAUDE_CHANNEL"] !== undefined) return env["AGORA_CLAUDE_CHANNEL"] === "1";
  return namesUsAsChannel(await wordsOf(pid));
}

const FLAGS = ["--channels", "--dangerously-load-development-channels"];

/** Whether the client's command line names us after one of the flags. */
export function namesUsAsChannel(words: readonly string[]): boolean {
  return words.some((word, at) => {
    const flag = FLAGS.find((name) => word === name || word.startsWith(`${name}=`));
    if (flag === undefined) return false;
    const named = word === flag ? words.slice(at + 1) : [word.slice(flag.length + 1), ...words.slice(at + 1)];
    const end = named.findIndex((one) => one.startsWith("-"));
    return named.slice(0, end < 0 ? undefined : end).some((one) => /^(plugin|server):agora(@|$)/.test(one));
  });
}

async function wordsOf(pid: number): Promise<readonly string[]> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
  } catch {
    if (process.platform === "win32") return [];
    return await new Promise((resolve) => {
      const done = (error: unknown, out: string): void => resolve(error === null ? out.trim().split(/\s+/) : []);
      execFile("/bin/ps", ["-o", "args=", "-p", String(pid)], { timeout: PS_TIMEOUT_MS, env: { LC_ALL: "C" } }, done);
    });
  }
}
