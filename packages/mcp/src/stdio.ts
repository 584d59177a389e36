// `agora mcp`: one server for one client session, over stdio. It lives as long as the client holds its input open.
import type { Readable, Writable } from "node:stream";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { type Env, findHome } from "@agora/home";
import { newId } from "@agora/protocol";
import { systemClock } from "@agora/ports/clock";
import { claudeHooks } from "./claude-hooks.ts";
import { createOpenLine } from "./daemon-line-ipc.ts";
import type { HookDialect } from "./hook-call.ts";
import { answerHook, type HookParts } from "./hooks.ts";
import { createMembership } from "./membership.ts";
import { createSeat } from "./seat.ts";
import { createServer } from "./server.ts";
import { withSurroundings } from "./surroundings.ts";
import { callTool } from "./tool-calls.ts";
import { createTurn } from "./turn.ts";

export interface McpOptions {
  /** `claude`, `codex`, or any other client's name: the seat's kind, and how its hooks speak. */
  readonly client: string;
  /** The project, if it is not the one that the client names or that the server was started in. */
  readonly project?: string | undefined;
  readonly env: Env;
  readonly cwd: string;
  readonly bundle: string;
  readonly version: string;
  /** The client's process. */
  readonly pid: number;
  readonly stdin: Readable;
  readonly stdout: Writable;
}

/** The clients whose hooks we know. */
const DIALECTS: Readonly<Record<string, HookDialect>> = { claude: claudeHooks };

/** Serves until the client closes our input. */
export async function serveStdio(options: McpOptions): Promise<void> {
  const { client, env, cwd, bundle, version, pid } = options;
  const home = findHome(env);
  const clock = systemClock;
  const dialect = DIALECTS[client];
  const membership = createMembership(home, options.project ?? projectOf(client, env) ?? cwd);
  const open = createOpenLine({ home, membership, bundle, version, env });
  // Until a hook names the session: Claude's environment names a throw-away one after `--continue`.
  await using seat = createSeat({ client, pid, session: `${client}-${newId()}`, membership, open });
  const turn = createTurn(seat, clock);

  const prefix = dialect?.prefix ?? "agora ";
  const around = { seat, open, home, version, cwd, env, prefix, now: () => clock.now() };
  const hook: HookParts = {
    seat,
    turn,
    clock,
    prefix,
    withSurroundings: (work) => withSurroundings("hook", around, work),
  };
  const server = createServer({
    version,
    call: (name, args) => withSurroundings("tool", around, (given) => callTool(name, args, given, clock)),
    hook:
      dialect &&
      (async (input, signal) => {
        const call = dialect.read(input);
        return call === undefined ? {} : dialect.write(call, await answerHook(call, hook, signal));
      }),
  });

  const ended = new Promise<void>((resolve) => {
    options.stdin.once("end", resolve).once("close", resolve);
    options.stdout.once("error", resolve);
  });
  await server.connect(new StdioServerTransport(options.stdin, options.stdout));
  await ended;
  await server.close();
}

function projectOf(client: string, env: Env): string | undefined {
  return client === "claude" ? env["CLAUDE_PROJECT_DIR"] || undefined : undefined;
}
