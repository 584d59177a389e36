// `agora mcp [--client NAME]`: the room's tools over stdio, for one session of a client.
import { runMcp } from "@agora/mcp";
import { SESSION_COMMANDS } from "../session-commands.ts";
import type { ExitCode, Start } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** Serves until the client closes our input. */
export async function mcp(start: Start, words: readonly string[], project: string | undefined): Promise<ExitCode> {
  const option = (name: string): string | undefined => {
    const at = words.indexOf(`--${name}`);
    return at < 0 ? words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) : words[at + 1];
  };
  const client = option("client") ?? "mcp";
  if (words.includes("--help") || !/^[a-z][a-z0-9-]{0,15}$/.test(client)) {
    process.stderr.write("agora mcp [--client NAME] [--project DIR]: serves an MCP client over stdio.\n");
    return words.includes("--help") ? 0 : 2;
  }
  await runMcp({
    client,
    project: option("project") ?? project,
    env: start.env,
    cwd: start.cwd,
    bundle: start.entry,
    version: VERSION,
    commands: SESSION_COMMANDS,
    ownEntry: async (home, dir) => {
      const { findOwnEntry } = await import("@agora/install"); // seldom needed, and large
      return findOwnEntry({ client, env: start.env, home, project: dir });
    },
    pid: process.ppid,
    stdin: process.stdin,
    stdout: process.stdout,
  });
  return 0;
}
