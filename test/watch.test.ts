// `agora watch` as people and programs use it: in a terminal of its own, in a pipe, over the end of its daemon and of whoever
// started it.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acquainted, type Person, Town, until, wholeLines } from "./test-users.ts";
import { ENTRY } from "./program.ts";

const hasTerminal = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

const town = new Town();
let alice: Person;
let bob: Person;
const started: ChildProcess[] = [];

beforeAll(async () => {
  const relay = await town.relay();
  alice = town.person("alice", relay);
  bob = town.person("bob", relay);
  await alice.start();
  await bob.start();
  await acquainted(alice, bob);
});
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await town[Symbol.asyncDispose]();
});

const envOf = (person: Person) => ({ PATH: process.env["PATH"] ?? "", HOME: person.home, AGORA_HOME: person.home });

interface Follower {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Its exit code, once all that it printed is here. */
  readonly ended: Promise<number | null>;
  /** Waits until it shows this. */
  shows(text: string): Promise<unknown>;
}

function follow(
  person: Person,
  command: string,
  words: readonly string[],
  more: Record<string, string> = {},
): Follower {
  const env = { ...envOf(person), ...more };
  const child = spawn(command, words, { cwd: person.project, env, stdio: ["pipe", "pipe", "pipe"] });
  started.push(child);
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const shows = (text: string) =>
    until(`"${text}" in ${JSON.stringify(out + err)}`, async () => Promise.resolve(out.includes(text)));
  return { child, out: () => out, err: () => err, ended, shows };
}

const watch = (person: Person, ...words: string[]) => follow(person, process.execPath, [ENTRY, "watch", ...words]);
const texts = (follower: Follower): string[] =>
  wholeLines(follower.out())
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { text: string }).text);
const daemonOf = async (person: Person) => (await person.ask<AnswerData["status"]>(["status"])).daemon.pid;

/** Says it until the follower has begun to look: what was said before is not shown. */
async function warmUp(follower: Follower): Promise<void> {
  await until("the first line", async () => {
    await bob.ask(["say", "warm"]);
    return follower.out().includes("warm");
  });
}

describe("top", () => {
  test("in a pipe and with --json prints once: a row a seat", async () => {
    const { rows } = await alice.ask<AnswerData["top"]>(["top"]);
    expect(rows.map(({ member }) => member).sort()).toEqual(["alice", "bob"]);
    const { out } = await alice.type(["top"]);
    expect(out).toMatch(/^SEAT +STATE/);
    expect(out).not.toContain("\u001b");
  });

  test.skipIf(!hasTerminal)("on a terminal follows what happens, on a screen of its own, until q", async () => {
    const command = `exec "${process.execPath}" "${ENTRY}" top`;
    const follower = follow(alice, "script", ["-qefc", command, "/dev/null"], { TERM: "xterm-256color" });
    await follower.shows("q leaves");
    await bob.ask(["busy", "sorting"]);
    await follower.shows("sorting");
    follower.child.stdin!.write("q");
    expect(await follower.ended).toBe(0);
    expect(follower.out().endsWith("\u001b[?1049l")).toBe(true);
  });
});

describe("watch", () => {
  test("in a pipe prints each line once as JSON, and ends quietly with its reader", async () => {
    const follower = watch(alice, "--json");
    await warmUp(follower);
    await bob.ask(["say", "@alice", "first\nof two lines"]);
    await alice.ask(["say", "my own"]);
    await until("both", () => ["first\nof two lines", "my own"].every((text) => texts(follower).includes(text)));
    const line = wholeLines(follower.out())
      .split("\n")
      .find((l) => l.includes("of two"))!;
    expect(JSON.parse(line)).toMatchObject({ author: "bob", to: [{ member: "alice" }], text: "first\nof two lines" });
    expect(texts(follower).filter((text) => text === "my own")).toHaveLength(1);
    follower.child.stdout!.destroy();
    await bob.ask(["say", "nobody reads this"]);
    expect([await follower.ended, follower.err()]).toEqual([0, ""]);
  });

  test.skipIf(!hasTerminal)("in a terminal shows the lines in colour, harmless, until Ctrl-C", async () => {
    const command = `exec "${process.execPath}" "${ENTRY}" watch`;
    const follower = follow(alice, "script", ["-qefc", command, "/dev/null"], { TERM: "xterm-256color" });
    await warmUp(follower);
    await bob.ask(["say", "look \u001b[31mred\u001b[0m \u202eesrever"]);
    await follower.shows("esrever");
    expect(follower.out()).toContain("\u001b[36m"); // our own colours
    expect(follower.out()).not.toContain("\u001b[31m"); // not theirs
    expect(follower.out()).not.toContain("\u202e");
    follower.child.stdin!.write("\u0003");
    expect(await follower.ended).toBe(0);
  });

  test("goes on over its daemon's restart and death: nothing twice, nothing left out", async () => {
    const follower = watch(alice, "--json");
    await warmUp(follower);
    const said: string[] = [];
    const over = new AbortController();
    const talking = (async () => {
      while (!over.signal.aborted) {
        const text = `line ${said.length + 1}`;
        await bob.ask(["say", text]);
        said.push(text);
      }
    })();
    await until("some", async () => Promise.resolve(said.length > 2));
    await until("a new daemon", async () => (await alice.ask<AnswerData["update"]>(["update"])).restarted);
    let had = said.length;
    await until("some more", async () => Promise.resolve(said.length > had + 2));
    const pid = await daemonOf(alice);
    process.kill(pid, "SIGKILL");
    had = said.length;
    await until("some after its death", async () => Promise.resolve(said.length > had + 2));
    over.abort();
    await talking;
    const shown = (): string[] => texts(follower).filter((text) => text.startsWith("line "));
    await until("all of it", () => said.every((text) => shown().includes(text)));
    expect(shown().sort()).toEqual([...said].sort());
    expect(await daemonOf(alice)).not.toBe(pid);
    follower.child.kill("SIGTERM");
    expect([await follower.ended, follower.err()]).toEqual([0, ""]);
  });

  test("begun in an empty room it misses nothing either", async () => {
    const relay = await town.relay();
    const [carol, dave] = [town.person("carol", relay), town.person("dave", relay)];
    await carol.start();
    await dave.start();
    const follower = watch(carol, "--json");
    const pid = await daemonOf(carol);
    await carol.overtake(); // nothing shows that it looks
    process.kill(pid, "SIGKILL");
    await dave.ask(["say", "while nobody listened"]);
    await follower.shows("while nobody listened");
    expect(texts(follower)).toEqual(["while nobody listened"]);
    expect((await carol.type(["stop"])).code).toBe(0);
    expect([await follower.ended, follower.err()]).toEqual([3, "The room was left.\n"]);
  });

  test("ends when whoever started it is gone", async () => {
    const seen = join(town.folder, "seen");
    const script = '"$0" "$1" watch >"$2" 2>&1 & echo $!; read -r _';
    const shell = follow(alice, "sh", ["-c", script, process.execPath, ENTRY, seen]);
    const pid = await until("the process", async () => Promise.resolve(Number(shell.out()) || undefined));
    // It knows who started it when it shows something.
    await until("it looks", async () => {
      await alice.ask(["say", "who looks?"]);
      return readFileSync(seen, "utf8").includes("who looks?");
    });
    expect(isAlive(pid)).toBe(true);
    shell.child.stdin!.end();
    await until("its end", async () => Promise.resolve(!isAlive(pid)));
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
