// A command that waits in the background: it knows when it must not be started again, and does not stay behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { acquainted, Town, until } from "./test-users.ts";
import { ENTRY } from "./program.ts";
import { openSession } from "./session.ts";

test("a wait ends with its own exit code when the room is stopped", async () => {
  await using town = new Town();
  const alice = town.person("alice", await town.relay());
  await alice.start();
  const waiting = alice.type(["wait", "--timeout", "240"]);
  await alice.overtake();
  expect((await alice.type(["stop"])).code).toBe(0);
  expect((await waiting).code).toBe(3);
});

test("a wait ends with another exit code when the relay refuses for good", async () => {
  await using town = new Town();
  const relay = await town.relay();
  const alice = town.person("alice", relay);
  await alice.start();
  const waiting = alice.type(["wait", "--timeout", "240"]);
  await alice.overtake();
  const { port } = relay;
  await relay.end("SIGKILL");
  await town.relay(["--port", port], { AGORA_TOKEN: "another-token-than-before" });
  expect(await waiting).toMatchObject({ code: 4, out: expect.stringContaining("the relay refuses") as unknown });
  // Started again all the same it says so at once, also for a program.
  const again = await alice.type(["wait", "--timeout", "240", "--json"]);
  expect(again.code).toBe(4);
  expect(JSON.parse(again.out)).toMatchObject({ items: [], refused: expect.any(String) as unknown });
});

test("the line that the tool hands an agent waits, and tells what came", async () => {
  await using town = new Town();
  const relay = await town.relay();
  const [alice, bob] = [town.person("alice", relay), town.person("bob", relay)];
  await Promise.all([alice.start(), bob.start()]);
  await acquainted(alice, bob);
  await using session = await openSession(alice, ENTRY, "s-1");
  const { text } = await session.tool("room", { action: "wait-command" });
  const line = /ends: (.*)$/m.exec(text)?.[1] ?? "";
  const env = { PATH: process.env["PATH"] ?? "", HOME: alice.home, AGORA_HOME: alice.home, CLAUDECODE: "1" };
  const shell = spawn("sh", ["-c", line], { cwd: "/", env, stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  shell.stdout.setEncoding("utf8").on("data", (chunk: string) => (printed += chunk));
  const ended = once(shell, "close"); // when all that it printed is here, too
  await bob.ask(["say", "@alice", "are you there?"]);
  await ended;
  expect([shell.exitCode, printed]).toEqual([0, expect.stringContaining("are you there?")]);
  expect(await alice.ask<readonly unknown[]>(["inbox"])).toHaveLength(1); // nothing was taken out
});

test("the help says what the exit codes mean", async () => {
  await using town = new Town();
  const { out } = await town.person("alice", undefined).type(["wait", "--help"]);
  expect(out).toMatch(/Don't start it again after 3 .*4/s);
});

test("a wait ends when whoever started it is gone", async () => {
  await using town = new Town();
  const alice = town.person("alice", await town.relay());
  await alice.start();
  const env = { PATH: process.env["PATH"] ?? "", HOME: alice.home, AGORA_HOME: alice.home };
  const script = '"$0" "$1" wait --timeout 240 >/dev/null 2>&1 & echo $!; read -r _';
  const shell = spawn("sh", ["-c", script, process.execPath, ENTRY], {
    cwd: alice.project,
    env,
    stdio: ["pipe", "pipe", "ignore"],
  });
  let printed = "";
  shell.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const pid = await until("the process", async () => Number(printed) || undefined);
  await alice.overtake();
  expect(isAlive(pid)).toBe(true);
  shell.stdin.end();
  await until("its end", async () => (isAlive(pid) ? undefined : true));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a loop around wait blocks for what is new; --again tells of what was told, and each loop is told", async () => {
  await using town = new Town();
  const relay = await town.relay();
  const [alice, bob] = [town.person("alice", relay), town.person("bob", relay)];
  await Promise.all([alice.start(), bob.start()]);
  await acquainted(alice, bob);
  await bob.ask(["say", "@alice", "one thing"]);
  type Waited = { readonly items: readonly { readonly text: string }[]; readonly timedOut: boolean };
  const wait = async (...words: string[]): Promise<string[]> => {
    const { items, timedOut } = await alice.ask<Waited>(["wait", ...words]);
    return timedOut ? ["nothing"] : items.map(({ text }) => text);
  };
  expect(await wait("--timeout", "240")).toEqual(["one thing"]);
  expect(await wait("--timeout", "1")).toEqual(["nothing"]);
  expect(await wait("--timeout", "1", "--again")).toEqual(["one thing"]);
  expect(await wait("--timeout", "240", "--as", "another")).toEqual(["one thing"]);
  const waiting = wait("--timeout", "240");
  await bob.ask(["say", "@alice", "another thing"]);
  expect(await waiting).toEqual(["another thing"]);
  expect(await alice.ask<readonly unknown[]>(["inbox"])).toHaveLength(2);
});
