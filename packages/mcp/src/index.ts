// What the executable needs of this package: the roles `agora mcp` and `agora hook`. The server with its SDK is loaded only
// for serving; a hook in a project that never joined loads almost nothing.
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { acceptedHome, type Env } from "@agora/user-config";
import { systemClock } from "@agora/ports/clock";
import { claudeNotice } from "./claude-hooks.ts";
import { answerCommandHook } from "./hook-entry.ts";
import { createMembership } from "./membership.ts";
import type { McpOptions } from "./stdio.ts";

export type { SessionCommand, SessionCommands } from "./session-command.ts";
export type { McpOptions } from "./stdio.ts";

/** `agora mcp`: serves one client session over stdio until the client closes our input. */
export async function runMcp(options: McpOptions): Promise<void> {
  const { serveStdio } = await import("./stdio.ts");
  await serveStdio(options);
}

export interface HookOptions {
  /** The project's directory, if it isn't the one named by the client. */
  readonly project?: string | undefined;
  readonly env: Env;
  readonly cwd: string;
  readonly bundle: string;
  readonly version: string;
  readonly stdin: Readable;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Our parent process, polled: a different one means that the client is gone. */
  readonly parent: () => number;
}

/**
 * `agora hook EVENT`: a command hook of Claude Code. Returns the exit code; the process must then exit at once, since
 * nothing it began (a connection, a timer) is waited for.
 */
export async function runHook(event: string, options: HookOptions): Promise<number> {
  const { env, cwd, bundle, version, stdin, out, err, parent } = options;
  if (event === "mistyped") {
    const { answerMistyped } = await import("./mistyped.ts");
    out(answerMistyped(await readAll(stdin), bundle));
    return 0;
  }
  const dir = options.project ?? (env["CLAUDE_PROJECT_DIR"] || cwd);
  const accepted = acceptedHome(env, [dir, cwd]);
  if (!accepted.ok) {
    // Said once, where the session begins: nothing of that folder is read or run.
    if (event === "session-start") out(claudeNotice(accepted.message));
    return 0;
  }
  const home = accepted.value;
  const membership = createMembership(home, () => dir);
  const born = parent();
  return await answerCommandHook(event, {
    env,
    input: () => readAll(stdin),
    out,
    err,
    membership,
    open: async (how) => {
      const { createOpenLine } = await import("./daemon-line-ipc.ts");
      return await createOpenLine({ home, membership, bundle, version, env })(how);
    },
    clock: systemClock,
    sleep: async (ms) => {
      await sleep(ms);
    },
    parentAlive: () => parent() === born && isAlive(born),
  });
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
