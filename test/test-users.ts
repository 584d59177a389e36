// People for the tests across packages: each with an own home and project, typing commands into the real executable; and a
// real relay for them. Everything is a child process, ended and removed at the end.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { socketPath } from "@agora/user-config";
import { endAllIn } from "./leftovers.ts";
import { ownPort } from "./own-port.ts";
import { COMPILED, RELAY_WORDS, TYPED } from "./program.ts";
import { until } from "./wait-until.ts";

export { until };

/** What is kept of what a relay complains about. */
const MAX_SAID = 4_000;
/** The state of a connected socket in Linux's list of them. */
const CONNECTED = "03";
/** How many commands go there and back while another one comes there. */
const OVERTAKING = 4;

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export type Env = Readonly<Record<string, string>>;

/** Runs the executable once, or another version of it. */
export function run(cwd: string, words: readonly string[], env: Env, entry = TYPED): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...words], {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", ...COMPILED, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

/** Two people in the room of a relay. */
export interface Pair {
  readonly relay: TestRelay;
  readonly alice: Person;
  readonly bob: Person;
}

/** A temporary place in which relays and people live. */
export class Town implements AsyncDisposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "agora-test-")));
  readonly #relays: TestRelay[] = [];

  /** Starts a relay, without `--port` at one that stays free for its next life. */
  async relay(flags: readonly string[] = [], env: Env = {}): Promise<TestRelay> {
    const relay = await startRelay(this.folder, flags, env);
    this.#relays.push(relay);
    return relay;
  }

  /** Somebody with an own home; `project` is a folder's name, `home` shares another's. */
  person(
    name: string,
    relay: TestRelay | undefined,
    options: { readonly project?: string; readonly home?: string } = {},
  ): Person {
    const project = join(this.folder, options.project ?? name);
    mkdirSync(project, { recursive: true });
    const home = options.home ?? join(this.folder, `${name}.home`);
    return new Person(name, project, home, relay);
  }

  /** A relay, and Alice and Bob, who have joined its room and know of each other; throws when one of them was told anything. */
  async pair(flags: readonly string[] = []): Promise<Pair> {
    const relay = await this.relay(flags);
    const [alice, bob] = [this.person("alice", relay), this.person("bob", relay)];
    for (const person of [alice, bob]) {
      const { code, err } = await person.start();
      if (code !== 0 || err !== "") throw new Error(`${person.name} did not join quietly: ${code} ${err}`);
    }
    await acquainted(alice, bob);
    return { relay, alice, bob };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#relays.map((relay) => relay.end("SIGKILL")));
    endAllIn(this.folder); // to ask each daemon to stop would cost a command for each
  }
}

export class TestRelay {
  readonly url: string;
  readonly token: string;
  /** The public half of its key. */
  readonly key: string;
  /** The names it answers under. */
  readonly hosts: readonly string[];
  readonly #child: ChildProcess;

  constructor(
    child: ChildProcess,
    told: { readonly url: string; readonly key: string; readonly hosts: string[] },
    token: string,
  ) {
    const { url, key, hosts } = told;
    this.hosts = hosts;
    this.#child = child;
    this.url = url;
    this.token = token;
    this.key = key;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get port(): string {
    return new URL(this.url).port;
  }

  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill(signal);
    await gone;
  }

  reload(): void {
    this.#child.kill("SIGHUP");
  }
}

async function startRelay(cwd: string, flags: readonly string[], env: Env): Promise<TestRelay> {
  const port = flags.includes("--port") ? [] : ["--port", String(await ownPort())];
  const words = ["--json", "--log-level", "silent", ...port, ...flags];
  const child = spawn(process.execPath, [...RELAY_WORDS, ...words], {
    cwd,
    // Its key is kept in a home of the place, so that it is the same relay after a restart.
    env: { PATH: process.env["PATH"] ?? "", ...COMPILED, AGORA_HOME: join(cwd, "relay.home"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = `${said}${text}`.slice(-MAX_SAID)));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout)
      .once("line", resolve)
      .once("close", () => reject(new Error(`the relay did not start: ${said}`)));
  });
  const told = JSON.parse(line) as { url: string; token: string | null; key: string; hosts: string[] };
  const flag = flags.indexOf("--token");
  const given = flag < 0 ? env["AGORA_TOKEN"] : flags[flag + 1];
  return new TestRelay(child, told, told.token ?? given ?? "");
}

/** Somebody who types. */
export class Person {
  readonly name: string;
  readonly project: string;
  readonly home: string;
  /** The executable that this person types commands into. */
  entry = TYPED;
  readonly #relay: TestRelay | undefined;

  constructor(name: string, project: string, home: string, relay: TestRelay | undefined) {
    this.name = name;
    this.project = project;
    this.home = home;
    this.#relay = relay;
  }

  /** Types a command; nothing of the surrounding environment gets in. */
  type(words: readonly string[], env: Env = {}): Promise<Ran> {
    return run(this.project, words, { HOME: this.home, AGORA_HOME: this.home, ...env }, this.entry);
  }

  /** Types a command with --json that has to succeed. */
  async ask<T>(words: readonly string[], env: Env = {}): Promise<T> {
    const [name = "", ...rest] = words;
    const ran = await this.type([name, "--json", ...rest], env);
    if (ran.code !== 0) {
      const said = `${this.name}: agora ${words.join(" ")}: ${ran.code} ${ran.err}${ran.out}`;
      throw new Error(`${said}\n${this.#lastOfLog()}`);
    }
    return JSON.parse(ran.out) as T;
  }

  /** Joins the relay's room. */
  start(words: readonly string[] = [], env: Env = {}): Promise<Ran> {
    const relay = this.#relay === undefined ? [] : ["--relay", this.#relay.url];
    const token = this.#relay === undefined ? {} : { AGORA_TOKEN: this.#relay.token };
    return this.type(["start", "-n", this.name, ...relay, ...words], { ...token, ...env });
  }

  /**
   * Lets a command that was typed before, the only one under way, come to the daemon, where nothing shows that it waits: it
   * holds a line to it, and commands typed after that have come there and back meanwhile, one after the other.
   */
  async overtake(): Promise<void> {
    await until("it holds a line to the daemon", () => isLineHeld(this));
    for (let n = 0; n < OVERTAKING; n += 1) await this.type(["status"]);
  }

  #lastOfLog(): string {
    try {
      return this.read(".agora", "daemon.log").trimEnd().split("\n").slice(-15).join("\n");
    } catch {
      return "(the daemon left no log)";
    }
  }

  /** Where the home keeps what this project's daemon remembers. */
  get memory(): string {
    return memoryOf(this.home, this.project);
  }

  /** A file of the project, as text. */
  read(...path: readonly string[]): string {
    return readFileSync(join(this.project, ...path), "utf8");
  }

  /** The whole lines of a file in `.agora`, with `text` in them: the daemon writes it a moment after what it answers. */
  shown(name: string, text: string): Promise<string> {
    return until(`${text} in ${this.name}'s ${name}`, () => {
      const lines = wholeLines(this.read(".agora", name));
      return lines.includes(text) && lines;
    });
  }
}

/**
 * Waits until each of these people, who are in one room, has been told that the others are there: whoever came first hears of
 * the next a moment after that one's own start is over, and can address nobody before.
 */
export async function acquainted(...people: readonly Person[]): Promise<void> {
  for (const person of people)
    for (const { name } of people)
      await until(`${person.name} knows that ${name} is here`, () => {
        const { members } = JSON.parse(person.read(".agora", "presence.json")) as {
          readonly members: readonly { readonly name: string; readonly online: boolean }[];
        };
        return members.some((member) => member.name === name && member.online);
      });
}

/** Whether any client of a person's daemon is connected to it; where the system doesn't tell, the commands after it have to do. */
function isLineHeld({ home, project }: Person): boolean {
  if (process.platform !== "linux") return true;
  // The daemon's end of a connection keeps the name that its socket had before it got its place in the same folder.
  const folder = `${dirname(socketPath({ path: home }, project).path)}/`;
  const sockets = readFileSync("/proc/net/unix", "utf8").split("\n");
  return sockets.map((line) => line.trim().split(/\s+/)).some((s) => s[5] === CONNECTED && s[7]?.startsWith(folder));
}

/** A text that is being written, without the line that may not be whole yet. */
export function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

/** Where a home keeps what the daemon of a project remembers, by its list of projects. */
export function memoryOf(home: string, project: string): string {
  const { projects } = JSON.parse(readFileSync(join(home, "registry.json"), "utf8")) as {
    readonly projects: readonly { readonly path: string; readonly id?: string }[];
  };
  const id = projects.find(({ path }) => path === project)?.id;
  if (id === undefined) throw new Error(`${project} has no memory in ${home}`);
  return join(home, "projects", id);
}
