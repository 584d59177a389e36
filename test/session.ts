// A client's session as the plugin sees it: the server that lends the tools and hears the hooks, and the background waiter.
// Both are real processes of one version of the executable.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { COMPILED } from "./program.ts";
import type { Person } from "./test-users.ts";

export interface Session extends AsyncDisposable {
  /** A hook of the client; what it answers. */
  hook(event: string, prompt?: string): Promise<string>;
  /** A tool call of the model; its text, or its error. */
  tool(name: string, args: Readonly<Record<string, unknown>>): Promise<{ readonly ok: boolean; readonly text: string }>;
  /** Arms a waiter. */
  wait(): Waiter;
}

export interface Waiter {
  /** The exit code, once it has ended. */
  readonly code: number | null;
  readonly ended: Promise<number | null>;
}

/** What the plugin starts as its server; a version of before had the whole executable for it. */
function serverOf(entry: string): string {
  const own = ["mcp.cjs", "../dist/mcp.cjs"].map((name) => join(dirname(entry), name));
  return own.find((path) => existsSync(path)) ?? entry;
}

/** Opens a session of `person` with the version that lies at `entry`. */
export async function openSession(person: Person, entry: string, session: string): Promise<Session> {
  const env = { PATH: process.env["PATH"] ?? "", HOME: person.home, AGORA_HOME: person.home };
  const withProject = { ...env, CLAUDE_PROJECT_DIR: person.project };
  const client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [serverOf(entry), "mcp", "--client", "claude"],
      env: { ...withProject, ...COMPILED },
      cwd: person.project,
      stderr: "ignore",
    }),
  );
  const call = async (name: string, args: Readonly<Record<string, unknown>>, meta?: object) => {
    const given = meta === undefined ? {} : { _meta: { ...meta } };
    const answer = await client.callTool({ name, arguments: { ...args }, ...given });
    const [first] = answer.content as readonly { readonly text: string }[];
    return { ok: answer.isError !== true, text: first?.text ?? "" };
  };
  const waiters: ChildProcess[] = [];
  return {
    hook: async (event, prompt = "") => (await call("hook", { event, prompt, session, agentId: "", tool: "" })).text,
    tool: (name, args) => call(name, args, { "claudecode/toolUseId": "one" }),
    wait() {
      const child = spawn(process.execPath, [join(dirname(entry), "hook.cjs"), "wait"], {
        cwd: person.project,
        env: withProject,
        stdio: ["pipe", "ignore", "ignore"],
      });
      waiters.push(child);
      child.stdin.end(JSON.stringify({ session_id: session }));
      const ended = once(child, "exit").then(() => child.exitCode);
      return {
        ended,
        get code() {
          return child.exitCode;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const child of waiters) child.kill();
      await client.close();
    },
  };
}
