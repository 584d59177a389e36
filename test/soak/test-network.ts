// The world of a run: a relay, and members with a home, a project, a daemon and a seat each, all real processes of the
// executable that is shipped; a path of its own through which each daemon reaches the relay. Everything is ended at the end.
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statfsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { findHome, type Home } from "@agora/home";
import { type Client, openDaemon } from "@agora/ipc";
import { memoryOf } from "../test-users.ts";
import { ENTRY } from "../program.ts";
import { type WrongClock, withWrongClock } from "../wrong-clock.ts";
import { makeCleanable } from "./clean.ts";
import { JournalView } from "./journal-view.ts";
import { type NetworkPath, openPath } from "./proxy.ts";

export const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"] as const;

/** By how much the members' clocks are wrong from the beginning, milliseconds: a day each way, two minutes, an hour. */
const CLOCKS_OFF_MS = [0, -24 * 3_600_000, 24 * 3_600_000, -120_000, 3_600_000] as const;
const ROOT = join(import.meta.dirname, "../..");
const VERSION = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version;
/** What lets anybody in. */
export const TOKEN = "a-token-of-the-soak";
const PATIENCE_MS = 60_000;
const POLL_MS = 25;
/** What is kept of what a process said. */
const MAX_SAID = 2_000;

/** A relay that can be killed and started again at the same port. */
export class TownRelay {
  readonly port: number;
  readonly #entry: string;
  readonly #cwd: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, entry: string, cwd: string) {
    this.port = port;
    this.#entry = entry;
    this.#cwd = cwd;
  }

  static async open(entry: string, cwd: string): Promise<TownRelay> {
    const first = await TownRelay.#launch(entry, cwd, 0);
    const relay = new TownRelay(first.port, entry, cwd);
    relay.#child = first.child;
    return relay;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    this.#child = (await TownRelay.#launch(this.#entry, this.#cwd, this.port)).child;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGCONT");
    child.kill(signal);
    await gone;
  }

  static async #launch(entry: string, cwd: string, port: number): Promise<{ child: ChildProcess; port: number }> {
    const rates = ["--rate-user", "2000,500", "--rate-agent", "2000,500"];
    const words = ["relay", "--json", "--log-level", "silent", "--port", String(port), ...rates];
    const env = { PATH: process.env["PATH"] ?? "", AGORA_TOKEN: TOKEN, AGORA_HOME: join(cwd, "relay.home") };
    const child = spawn(process.execPath, [entry, ...words], { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout)
        .once("line", resolve)
        .once("close", () => reject(new Error("the relay did not start")));
    });
    return { child, port: Number(new URL((JSON.parse(line) as { url: string }).url).port) };
  }
}

/** A member: project, home, daemon, seat, and the path to the relay. */
export class TownMember {
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
  ): Promise<TownMember> {
    const member = new TownMember(name, root, entry, path, clockOffMs);
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

/** All of them. */
export interface Town extends AsyncDisposable {
  readonly folder: string;
  readonly relay: TownRelay;
  readonly members: readonly TownMember[];
  /** How a disk is made full; undefined where that can't be done. */
  readonly disk: Disk | undefined;
  /** What faults found wrong themselves, a sentence each. */
  readonly complaints: string[];
  /** Under how many names strangers came in. */
  strangers: number;
}

/** Makes the disk of one member full, and gives it room again. */
export interface Disk {
  readonly how: string;
  fill(member: TownMember): void;
  free(member: TownMember): void;
}

const DISK_MIB = 2_048;

/** Starts the relay and the members. */
export async function openTown(members: number): Promise<Town> {
  await using stack = new AsyncDisposableStack();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "agora-soak-")));
  stack.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const relay = await TownRelay.open(ENTRY, folder);
  stack.defer(() => relay.kill());
  const disk = findDisk();
  const joined: TownMember[] = [];
  for (const name of NAMES.slice(0, members)) {
    const path = await openPath(relay.port);
    stack.use(path);
    const clockOffMs = CLOCKS_OFF_MS[joined.length % CLOCKS_OFF_MS.length]!;
    const member = await TownMember.join(name, folder, ENTRY, path, clockOffMs, (memories) => {
      if (disk?.how !== "tmpfs") return;
      spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m,mode=700`, "tmpfs", memories]);
      stack.defer(() => void spawnSync("umount", ["-l", memories]));
    });
    stack.defer(async () => void (await member.leave()));
    joined.push(member);
  }
  const owned = stack.move();
  return {
    folder,
    relay,
    members: joined,
    disk,
    complaints: [],
    strangers: 0,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A small disk of its own where mounting is allowed, else a bound on the size of the daemon's files. */
function findDisk(): Disk | undefined {
  const resize = (member: TownMember, bytes: number): void =>
    void spawnSync("mount", ["-o", `remount,size=${bytes}`, member.memories]);
  const probe = mkdtempSync(join(tmpdir(), "agora-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", probe]).status === 0;
  if (mounted) spawnSync("umount", ["-l", probe]);
  rmSync(probe, { recursive: true, force: true });
  if (mounted)
    return {
      how: "tmpfs",
      fill(member) {
        const { blocks, bfree, bsize } = statfsSync(member.memories);
        resize(member, (blocks - bfree) * bsize);
      },
      free: (member) => resize(member, DISK_MIB * 1024 * 1024),
    };
  if (spawnSync("prlimit", ["--version"]).status !== 0) return undefined;
  const limit = (member: TownMember, bytes: string): void => {
    if (member.daemonPid !== undefined) spawnSync("prlimit", ["--pid", String(member.daemonPid), `--fsize=${bytes}:`]);
  };
  return {
    how: "prlimit",
    fill: (member) => limit(member, "1"),
    free: (member) => limit(member, "unlimited"),
  };
}

/** How a process ended and what it said; no code: it did not, and was killed. */
async function outcome(
  child: ChildProcess,
  patienceMs = PATIENCE_MS,
): Promise<{ readonly code: number | undefined; readonly said: string }> {
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (said = `${said}${text}`.slice(-MAX_SAID)));
  const late = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(late);
  return { code: code ?? undefined, said };
}

function signal(pid: number, word: NodeJS.Signals): void {
  try {
    process.kill(pid, word);
  } catch {
    // It is gone already.
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
