// `agora mcp`: one server for one client session, over stdio. It lives while the client that started it keeps its input
// open. If the client dies while something else holds the pipe, it ends anyway.
import type { Readable, Writable } from "node:stream";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { acceptedHome, type Env, type Home, type HookSign, noteHookSign } from "@agora/user-config";
import { newId } from "@agora/protocol";
import { systemClock } from "@agora/ports/clock";
import { createAskPerson } from "./client-confirmation.ts";
import { createChannel, isChannelEnabled } from "./claude-channel.ts";
import { CLIENTS } from "./client-adapter.ts";
import { createCodexQueue } from "./codex-queue.ts";
import { createOpenLine } from "./daemon-line-ipc.ts";
import { isTold } from "./hook-call.ts";
import { createEntryJoin, type Entry, namesRoom } from "./entry-join.ts";
import { createHookWatch } from "./hook-watch.ts";
import { answerHook, type HookParts } from "./hooks.ts";
import { CHANNEL_PROBATION_MS } from "./limits.ts";
import { createMembership } from "./membership.ts";
import { createSessionDirectory } from "./session-directory.ts";
import { createQueueWaker } from "./queue-waker.ts";
import { refusing } from "./refused-home.ts";
import type { SessionCommands } from "./session-command.ts";
import { createSeat } from "./seat.ts";
import { createServer } from "./server.ts";
import { withCommandContext } from "./command-context.ts";
import { callTool } from "./tool-calls.ts";
import { createHooklessNotifier } from "./hookless-notifier.ts";
import { createTurn } from "./turn.ts";
import { createTypedOnce } from "./typed-once.ts";
import { watchParent } from "./watch-parent.ts";

export interface McpOptions {
  /** `claude`, `codex`, or any other client's name: the kind of the seat, and the format of its hooks. */
  readonly client: string;
  /** The project, if it isn't the one named by the client or the one the server was started in. */
  readonly project?: string | undefined;
  readonly env: Env;
  readonly cwd: string;
  readonly bundle: string;
  readonly version: string;
  /** The user's own entry for this server in the client's configuration, for a session in a folder. */
  readonly ownEntry?: ((home: Home, dir: string) => Promise<Entry | undefined>) | undefined;
  /** What can be typed in a session besides the room's own commands. */
  readonly commands?: SessionCommands | undefined;
  /** The client's process. */
  readonly pid: number;
  readonly stdin: Readable;
  readonly stdout: Writable;
}

/** Serves until the client closes our input. */
export async function serveStdio(options: McpOptions): Promise<void> {
  const { client, env, cwd, bundle, version, pid } = options;
  const clock = systemClock;
  const adapter = CLIENTS[client];
  const dialect = adapter?.hooks;
  const place = createSessionDirectory(options.project ?? projectOf(client, env), cwd);
  const { experimental } = adapter ?? {};
  const accepted = acceptedHome(env, [place.dir, cwd]);
  if (!accepted.ok) {
    const parts = refusing(accepted, dialect);
    return serve(createServer({ version, experimental, isHook: dialect?.isHook, ...parts }), options);
  }
  const home = accepted.value;
  const membership = createMembership(home, () => place.dir);
  const open = createOpenLine({ home, membership, bundle, version, env });
  // Until a hook names the session: after `--continue`, Claude's environment names a throw-away one.
  await using seat = createSeat({ client, pid, session: `${client}-${newId()}`, membership, open });
  const turn = createTurn(seat, clock);

  let executable: string | undefined;
  const toWake = { membership, open, clock };
  const queue = createCodexQueue(env, pid, () => executable);
  const channel = adapter?.channel === true && (await isChannelEnabled(pid, env));
  await using waker =
    adapter?.queue === true
      ? createQueueWaker({ ...toWake, queue })
      : channel
        ? createQueueWaker({ ...toWake, queue: createChannel(() => server), probationMs: CHANNEL_PROBATION_MS })
        : undefined;

  const prefix = dialect?.prefix ?? "agora ";
  const around = () => ({
    seat,
    open,
    home,
    version,
    cwd: place.dir,
    env,
    prefix,
    entry: bundle,
    now: () => clock.now(),
  });
  const entryJoin = createEntryJoin({
    home,
    membership,
    clock,
    dir: () => place.dir,
    find: async (dir) => (namesRoom(env) ? await options.ownEntry?.(home, dir) : undefined),
    withContext: (work) => withCommandContext("hook", around(), work),
  });
  const hook: HookParts = {
    seat,
    turn,
    clock,
    prefix,
    typed: createTypedOnce(),
    ...(options.commands === undefined ? {} : { commands: options.commands }),
    ...(adapter?.queue === true ? { ownsWakes: true } : {}),
    withSurroundings: (work) => withCommandContext("hook", around(), work),
  };
  const note = (by: string, sign: HookSign, at: number) => noteHookSign(home, { client, version: by }, sign, at);
  await using watch = createHookWatch({ prefix, membership, clock, note });
  const told = createHooklessNotifier({
    seat,
    hasHooks: () => watch.hooked,
    missing: () => (dialect === undefined ? undefined : watch.called()),
  });
  const server: Server = createServer({
    version,
    experimental,
    isHook: dialect?.isHook,
    hookRefused: () => watch.refused(),
    call: async (name, args, meta) => {
      const caller = adapter?.readCall?.(meta);
      if (caller !== undefined) {
        executable = caller.executable ?? executable;
        place.told(caller.dir);
        if (caller.subagent) seat.stayAside();
        else seat.speakFor(caller.session);
      }
      if (channel) waker?.prompted();
      const entered = await entryJoin.ensure();
      if (!entered.ok) return entered;
      const parts = { ask: createAskPerson(server), bundle };
      const answer = await told.around(name, () =>
        withCommandContext("tool", around(), (given) => callTool(name, args, given, clock, parts)),
      );
      if (caller?.oneShot === true) await waker?.[Symbol.asyncDispose]();
      else if (caller?.subagent === false) waker?.alive(caller.session);
      return answer;
    },
    hook:
      dialect &&
      (async (input, signal, meta) => {
        const call = dialect.read(input, meta);
        if (call === undefined) return {};
        place.told(call.dir);
        watch.arrived();
        if (call.moment === "prompt") waker?.prompted();
        // A typed command waits for it, and says itself what is wrong; a prompt does not.
        const entered = entryJoin.ensure();
        if (call.moment === "prompt" && call.prompt.startsWith(prefix)) await entered;
        const answer = await answerHook(call, hook, signal);
        waker?.alive(call.session);
        return isTold(call) ? {} : dialect.write(call, answer);
      }),
  });

  server.oninitialized = () => {
    const { title, name = client, version: by = "" } = server.getClientVersion() ?? {};
    watch.opened({ title: title ?? name, version: by });
  };
  await serve(server, options);
}

/** Serves until the client closes our input, or is gone. */
async function serve(server: Server, { stdin, stdout }: McpOptions): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    stdin.once("end", resolve).once("close", resolve);
    stdout.once("error", resolve);
  });
  await server.connect(new StdioServerTransport(stdin, stdout));
  const parent = watchParent(systemClock);
  await Promise.race([ended, parent.gone]);
  parent.stop();
  stdin.destroy(); // held open by somebody else, it would keep the process alive
  await server.close();
}

function projectOf(client: string, env: Env): string | undefined {
  return client === "claude" ? env["CLAUDE_PROJECT_DIR"] || undefined : undefined;
}
