// A member of a run: its project, home, daemon and seat, all real processes of the executable that is shipped, and its path to
// the relay.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findHome, type Home } from "@agora/user-config";
import { type Client, openDaemon } from "@agora/ipc";
import { memoryOf } from "../test-users.ts";
import { withWrongClock, type WrongClock } from "../wrong-clock.ts";
import { makeCleanable } from "./clean.ts";
import { JournalView } from "./journal-view.ts";
import type { NetworkPath } from "./proxy.ts";
import { isAlive, outcome, PATIENCE_MS, signal } from "./child-ends.ts";
import { TOKEN } from "./soak-relay.ts";

const ROOT = join(import.meta.dirname, "../..");
const VERSION = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version;

const POLL_MS = 25;

/** A member: project, home, daemon, seat, and the path to the relay. */
export class SoakMember {
  readonly name: string;
  readonly project: string;
  readonly path: NetworkPath;
  readonly journal: JournalView;
  readonly #home: Home;
  readonly #clock: WrongClock;
  readonly #entry: string;
  readonly #clockOffMs: number;
  readonly #env: Readonly<Record<string, string>>;
  #client: Client | undefined;
  #opening: Promise<Client> | undefined;
  #daemonPid: number | undefined;
  #seat: ChildProcess | undefined;
  #isDown = false;

  private constructor(name: string, root: string, entry: string, path: NetworkPath, clockOffMs: number) {
    this.name = name;
    this.project = join(root, name);
    this.path = path;
    this.#clockOffMs = clockOffMs;
    this.#clock = withWrongClock(entry, join(root, `${name}.program`), clockOffMs);
    this.#entry = this.#clock.entry;
    this.#env = { PATH: process.env["PATH"] ?? "", HOME: root, AGORA_HOME: join(root, `${name}.home`) };
    this.#home = findHome(this.#env);
    this.journal = new JournalView(() => this.memory);
  }

  get memories(): string {
    return join(this.#home.path, "projects");
  }

  /** Where its daemon keeps what it remembers. */
  get memory(): string {
    return memoryOf(this.#home.path, this.project);
  }

  /**
   * Makes the member, on a machine whose clock is wrong by `clockOffMs`, and joins with `agora start`; `before` runs when the
   * folder of all memories is there.
   */
  static async join(
    name: string,
    root: string,
    entry: string,
    path: NetworkPath,
    clockOffMs: number,
    before: (memories: string) => void,
  ): Promise<SoakMember> {
    const member = new SoakMember(name, root, entry, path, clockOffMs);
    mkdirSync(member.project);
    await makeCleanable(member.project);
    mkdirSync(member.memories, { recursive: true, mode: 0o700 });
    before(member.memories);
    const words = ["start", "-n", name, "--relay", `ws://127.0.0.1:${path.port}`];
    await new Promise<void>((resolve, reject) => {
      const env = { ...member.#env, AGORA_TOKEN: TOKEN };
      const child = spawn(process.execPath, [member.#entry, ...words], {
        cwd: member.project,
        env,
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
      child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`${name} could not start: ${said}`))));
    });
    await member.daemon();
    member.startSeat();
    return member;
  }

  get daemonPid(): number | undefined {
    return this.#daemonPid;
  }

  /** A line to the daemon; waits while it is meant to be down, and starts it when it is not. */
  async daemon(): Promise<Client> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#client ?? this.#opening;
  }

  async #open(): Promise<Client> {
    if (this.#client !== undefined) return this.#client;
    const end = Date.now() + PATIENCE_MS;
    for (let said = ""; ; await sleep(POLL_MS)) {
      if (Date.now() > end) throw new Error(`the daemon of ${this.name} does not come back: ${said}`);
      if (this.#isDown) continue;
      const options = { home: this.#home, project: this.project, version: VERSION };
      const found = await openDaemon({ ...options, bundle: this.#entry, env: this.#env });
      if (!found.ok) {
        said = found.message;
        continue;
      }
      const client = found.value;
      this.#client = client;
      this.#daemonPid = client.daemon.pid;
      void client.closed.then(() => {
        if (this.#client === client) this.#client = undefined;
      });
      return client;
    }
  }

  killDaemon(): void {
    this.#isDown = true;
    if (this.#daemonPid !== undefined) signal(this.#daemonPid, "SIGKILL");
    this.#client?.close();
    this.#client = undefined;
  }

  async reviveDaemon(): Promise<void> {
    this.#isDown = false;
    await this.daemon();
  }

  signalDaemon(word: "SIGSTOP" | "SIGCONT"): void {
    if (this.#daemonPid !== undefined) signal(this.#daemonPid, word);
  }

  /** Sets the clock of the machine, `ms` from where it was at the beginning; its processes go on. */
  jumpClock(ms: number): void {
    this.#clock.set(this.#clockOffMs + ms);
  }

  /**
   * What hooks and commands do while the daemon does not answer: gives a sentence for each that hangs, ends as a hook must
   * not, or shows where it broke.
   */
  async askAround(): Promise<readonly string[]> {
    const hook = join(dirname(this.#entry), "hook.cjs");
    const input = { session_id: "asks-meanwhile", cwd: this.project, source: "startup" };
    const asked = [
      [hook, "session-start"],
      [this.#entry, "who"],
      [this.#entry, "inbox", "--json"],
    ].map(async (words) => {
      const child = this.#spawn(words, { CLAUDE_PROJECT_DIR: this.project });
      child.stdin!.on("error", () => undefined).end(JSON.stringify(input));
      const what = `${words.slice(1).join(" ")} of ${this.name}`;
      const { code, said } = await outcome(child);
      if (code === undefined) return `${what} hung`;
      if (words[0] === hook && code !== 0) return `${what} ended with ${code}: ${said}`;
      return /\n\s+at /.test(said) ? `${what} showed a stack: ${said}` : "";
    });
    return (await Promise.all(asked)).filter((complaint) => complaint !== "");
  }

  /** Two more daemons for the same folder, of this home and of a copy of it; `end` tells which did not leave by itself. */
  startSecond(): { end(): Promise<readonly string[]> } {
    const copy = `${this.#home.path}.copy`;
    rmSync(copy, { recursive: true, force: true });
    const filter = (path: string): boolean => statSync(path).isDirectory() || statSync(path).isFile();
    cpSync(this.#home.path, copy, { recursive: true, filter });
    const words = [this.#entry, "daemon", this.project];
    const seconds = [this.#home.path, copy].map(async (home) => {
      const { code, said } = await outcome(this.#spawn(words, { AGORA_HOME: home }));
      return code === undefined ? `a second daemon of ${this.name} stayed, with ${home}: ${said}` : "";
    });
    return { end: async () => (await Promise.all(seconds)).filter((complaint) => complaint !== "") };
  }

  #spawn(words: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    return spawn(process.execPath, words, { cwd: this.project, env: { ...this.#env, ...env }, stdio: "pipe" });
  }

  startSeat(): void {
    const args = [this.project, `session-of-${this.name}`, VERSION];
    this.#seat = fork(join(import.meta.dirname, "seat-main.ts"), args, { env: this.#env, stdio: "ignore" });
  }

  signalSeat(word: NodeJS.Signals): void {
    this.#seat?.kill(word);
  }

  /** Ends the daemon in order, so that its checkpoint tells all; gives a sentence when it does not end. */
  async leave(): Promise<readonly string[]> {
    this.#seat?.kill("SIGCONT");
    this.#seat?.kill("SIGKILL");
    const pid = this.#daemonPid;
    const complaints: string[] = [];
    if (pid !== undefined && isAlive(pid)) {
      signal(pid, "SIGCONT");
      signal(pid, "SIGTERM");
      const end = Date.now() + PATIENCE_MS;
      while (isAlive(pid) && Date.now() < end) await sleep(POLL_MS);
      if (isAlive(pid)) complaints.push(`the daemon of ${this.name} did not end when it was told to`);
      signal(pid, "SIGKILL");
    }
    this.#client?.close();
    return complaints;
  }
}
