// A relay and some people in one namespace, each with an own HOME, project and stand-in model, and with the plugin as it is
// shipped. What a person does outside of Claude Code goes by the `agora` command, as in a terminal.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { BUILT, copyBundles } from "../program.ts";
import type { ClaudeSetup } from "./claude-session.ts";
import { type ClaudeHome, installPlugin, type InstallWay, type Plugin, seedHome } from "./home.ts";
import type { ClaudeVersion } from "./installed.ts";
import type { Rule } from "./model-script.ts";
import { type ModelService, openModelService } from "./model-service.ts";
import { type Finished, type Namespace, openNamespace } from "./namespace.ts";
import { until } from "./wait-until.ts";
import { openScratch } from "./scratch.ts";
import { readWholeLines } from "./whole-lines.ts";

/** The plugin as it is shipped. */
export const agoraPlugin: Plugin = {
  marketplace: BUILT,
  source: "packages/claude-code",
  name: "agora@agora",
  paths: [".claude-plugin", "packages/claude-code"],
};

/** The name of the room's tool for the model. */
export const toolName = (tool: string): string => `mcp__plugin_agora_room__${tool}`;

/** Allows the model all tools of the room. */
export const allowRoom: readonly string[] = ["--allowedTools", "mcp__plugin_agora_room"];

/** One line of a journal, as far as tests look at it. */
export interface JournalLine {
  readonly id: string;
  readonly author: string;
  readonly role: string;
  readonly kind: string;
  readonly thread: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly seat?: string;
}

export interface InboxLine {
  readonly thread: string;
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly state: string;
  readonly reason?: string;
}

export interface Person {
  readonly name: string;
  readonly net: Namespace;
  readonly home: ClaudeHome;
  readonly project: string;
  readonly model: ModelService;
  /** What a session of this person is opened with. */
  readonly setup: ClaudeSetup;
  /** `agora …` in the project, as typed in a terminal. */
  agora(...words: string[]): Promise<Finished>;
  /** The same with `--json`, read; fails when the command does. */
  json<T>(...words: string[]): Promise<T>;
  /** Joins the room from a terminal. */
  start(...words: string[]): Promise<void>;
  inbox(): Promise<InboxLine[]>;
  /** The project's history file. */
  journal(): Promise<JournalLine[]>;
  /** Waits until the history has such a line. */
  hears(what: (line: JournalLine) => boolean, timeoutMs?: number): Promise<JournalLine>;
}

export interface Crowd extends AsyncDisposable {
  readonly net: Namespace;
  readonly path: string;
  person(name: string, options?: PersonOptions): Promise<Person>;
}

export interface PersonOptions {
  readonly rules?: readonly Rule[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly way?: InstallWay;
  readonly plugin?: Plugin;
}

export const relayUrl = "ws://127.0.0.1:8080";
export const token = "the-room-token";
const heardTimeoutMs = 15_000;

/** Opens a namespace with a relay in it. */
export async function openCrowd(version: ClaudeVersion): Promise<Crowd> {
  await using stack = new AsyncDisposableStack();
  const scratch = stack.use(await openScratch());
  const net = stack.use(await openNamespace());
  const executable = join(agoraPlugin.marketplace, agoraPlugin.source, "bin", "agora");
  const relayHome = await seedHome(join(scratch.path, "relay"), []);
  const relay = net.spawn("node", [executable, "relay", "--port", "8080", "--token", token], { env: relayHome.env() });
  let said = "";
  relay.stdout?.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  relay.stderr?.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  await until(
    "the relay",
    () => said.includes(relayUrl),
    10_000,
    () => said,
  );

  const owned = stack.move();
  const person: Crowd["person"] = async (name, options = {}) => {
    const folder = join(scratch.path, name);
    const project = join(folder, "project");
    await mkdir(folder);
    const seeded = await seedHome(join(folder, "home"), [project]);
    await promisify(execFile)("git", ["init", "--quiet", project]);
    const home = await installPlugin(net, version, seeded, options.plugin ?? agoraPlugin, options.way ?? "plugin-dir");
    const model = owned.use(await openModelService(net, join(folder, "model"), options.rules));
    const env = { AGORA_TOKEN: token, ...options.env };
    const setup: ClaudeSetup = { net, version, home, project, model, env, args: options.args ?? [] };
    const agora: Person["agora"] = (...words) =>
      net.run("node", [executable, ...words], { env: { ...home.env(), ...env }, cwd: project });
    const json = async <T>(...words: string[]): Promise<T> => {
      const done = await agora("--json", ...words);
      if (done.code !== 0) throw new Error(`agora ${words.join(" ")} of ${name}: ${done.stderr}`);
      return JSON.parse(done.stdout) as T;
    };
    const journal = () => readJournal(join(project, ".agora", "history.jsonl"));
    return {
      name,
      net,
      home,
      project,
      model,
      setup,
      agora,
      json,
      journal,
      start: async (...words) => {
        const done = await agora("start", "-n", name, "--relay", relayUrl, ...words);
        if (done.code !== 0) throw new Error(`start of ${name}: ${done.stderr}`);
      },
      inbox: () => json<InboxLine[]>("inbox"),
      hears: (what, timeoutMs = heardTimeoutMs) =>
        until(
          `a line in ${name}'s history`,
          async () => (await journal()).find(what),
          timeoutMs,
          async () => JSON.stringify((await journal()).map(({ author, text }) => [author, text])),
        ),
    };
  };
  return { net, path: scratch.path, person, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The events of a journal, but for those that state whose keys are whose: each member says such at its first start. */
export async function readJournal(path: string): Promise<JournalLine[]> {
  const lines = (await readWholeLines(path)) as JournalLine[];
  return lines.filter(({ kind }) => kind !== undefined && kind !== "key");
}

/** A copy of the plugin in which each prompt waits `seconds` for the room's server, not a minute. */
export function impatientPlugin(folder: string, seconds: number): Promise<Plugin> {
  const edit = (hooks: string): string => hooks.replaceAll('"timeout": 60', `"timeout": ${seconds}`);
  return changedPlugin(join(folder, "impatient"), "hooks/hooks.json", edit);
}

/** A copy of the plugin whose server can't be started. */
export function serverlessPlugin(folder: string): Promise<Plugin> {
  const edit = (servers: string): string => servers.replace('"command": "node"', '"command": "/no/such/node"');
  return changedPlugin(join(folder, "serverless"), ".mcp.json", edit);
}

async function changedPlugin(marketplace: string, file: string, edit: (text: string) => string): Promise<Plugin> {
  const { source } = agoraPlugin;
  copyBundles(join(agoraPlugin.marketplace, source), join(marketplace, source));
  const path = join(marketplace, source, file);
  await writeFile(path, edit(await readFile(path, "utf8")));
  return { ...agoraPlugin, marketplace };
}

/** The room's server of a session, by its command line. */
export const serverProcess = /\.[cm]js mcp --client claude/;

/** The processes of a namespace whose command line fits. */
export function processes(net: Namespace, pattern: RegExp): number[] {
  return net.pids().filter((pid) => {
    try {
      return pattern.test(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch {
      return false; // it has ended
    }
  });
}

interface Seat {
  readonly seat: string;
  readonly connected: boolean;
  readonly reachable: boolean;
  readonly busy: boolean;
}

/** Waits until so many of the person's seats fit, and returns them. */
export async function untilSeats(
  person: Pick<Person, "name" | "json">,
  what: (seat: Seat) => boolean,
  count = 1,
): Promise<Seat[]> {
  const seats = async () => (await person.json<{ seats: Seat[] }>("status")).seats;
  return await until(
    `${count} such seats of ${person.name}`,
    async () => {
      const fitting = (await seats()).filter(what);
      return fitting.length >= count && fitting;
    },
    15_000,
    async () => JSON.stringify(await seats()),
  );
}
