// Two people in two projects who joined a relay, through the shipped executable: what the hook figures are measured on.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findHome } from "@agora/user-config";
import { type Client as Daemon, findDaemon } from "@agora/ipc";
import { startAgora } from "./server.ts";

/** The plugin as it is shipped. */
export const pluginRoot = fileURLToPath(new URL("../packages/claude-code", import.meta.url));
const executable = process.env["AGORA_ENTRY"] ?? join(pluginRoot, "dist", "agora.mjs");

export interface Side {
  readonly project: string;
  /** The environment of this person's processes. */
  readonly env: Record<string, string>;
  /** A line to this person's daemon, as a surface has it. */
  readonly daemon: Daemon;
}

export interface Pair extends AsyncDisposable {
  readonly alice: Side;
  readonly bob: Side;
  readonly relayPid: number;
  readonly executable: string;
  /** Another line to a person's daemon: the one that runs now. */
  reach(side: Side): Promise<Daemon>;
  /** Bob says so many things to the room; settles when Alice's daemon has them. */
  say(count: number, text: string): Promise<void>;
}

const ARRIVAL_MS = 10_000;

/** How a pair differs from the usual one. */
export interface PairOptions {
  readonly relayFlags?: readonly string[];
  /** More in the environment of both. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a relay and joins two projects. */
export async function openPair({ relayFlags = [], env: more = {} }: PairOptions = {}): Promise<Pair> {
  await using stack = new AsyncDisposableStack();
  const relay = stack.use(await startAgora(...relayFlags));
  const root = realpathSync(mkdtempSync(join(tmpdir(), "agora-pair-")));
  stack.defer(() => rmSync(root, { recursive: true, force: true, maxRetries: 10 }));

  const lines: Daemon[] = [];
  stack.defer(() => {
    for (const line of lines) line.close();
  });
  const reach = async ({ env, project }: Pick<Side, "env" | "project">): Promise<Daemon> => {
    const { version } = (await import("../package.json", { with: { type: "json" } })).default;
    const found = await findDaemon({ home: findHome(env), project, version });
    if (!found.ok) throw new Error(found.message);
    lines.push(found.value);
    return found.value;
  };
  const joinAs = async (name: string): Promise<Side> => {
    const project = join(root, name);
    mkdirSync(project);
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: root,
      AGORA_HOME: join(root, `home-${name}`),
      AGORA_TOKEN: relay.token,
      CLAUDE_PROJECT_DIR: project,
      ...more,
    };
    const agora = (...words: string[]) =>
      promisify(execFile)(process.execPath, [executable, ...words], { env, cwd: project });
    await agora("start", "-n", name, "--relay", `ws://127.0.0.1:${relay.port}`);
    stack.defer(async () => {
      await agora("stop");
    });
    return { project, env, daemon: await reach({ env, project }) };
  };
  const alice = await joinAs("alice");
  const bob = await joinAs("bob");

  const say: Pair["say"] = async (count, text) => {
    let last = "";
    for (let i = 0; i < count; i++) {
      const said = await bob.daemon.request("say", { via: "cli", text, to: [] });
      if (!said.ok) throw new Error(said.message);
      last = said.value.id;
    }
    const deadline = performance.now() + ARRIVAL_MS;
    for (;;) {
      const history = await alice.daemon.request("history", { limit: 1 });
      if (history.ok && history.value.lines[0]?.id === last) return;
      if (performance.now() > deadline) throw new Error("What Bob said did not arrive.");
    }
  };
  const owned = stack.move();
  return { alice, bob, relayPid: relay.pid, executable, reach, say, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
