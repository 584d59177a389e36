// Bad input and bad days, as a person at a terminal meets them: one sentence each, and nothing lost.
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { describe, expect, test } from "vitest";
import { type Person, type Ran, Town, until } from "./test-users.ts";

type Inbox = AnswerData["inbox"];
type History = AnswerData["history"];
type Status = AnswerData["status"];
type Said = AnswerData["say"];

/** Nobody writes there until the result is disposed: root is held off by a read-only disk, others by the folder's mode. */
function readOnly(path: string): Disposable {
  if (process.getuid?.() !== 0) {
    chmodSync(path, 0o500);
    return { [Symbol.dispose]: () => chmodSync(path, 0o700) };
  }
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", path]);
  if (mounted.status !== 0) throw new Error(`a read-only disk could not be mounted: ${String(mounted.stderr)}`);
  return { [Symbol.dispose]: () => void spawnSync("umount", ["-l", path]) };
}

/** Refused with one sentence that fits, and no trace of a stack. */
function expectRefused(ran: Ran, sentence: RegExp): void {
  expect(ran).toMatchObject({ code: 1, out: "" });
  expect(ran.err).toMatch(sentence);
  expect(ran.err.trimEnd().split("\n")).toHaveLength(1);
  expect(ran.err).not.toMatch(/\n\s+at |node:internal/);
}

const inHistory = (person: Person, id: string) =>
  until(`${id} at ${person.name}`, async () =>
    (await person.ask<History>(["history"])).lines.find((line) => line.id === id),
  );

describe("the door", () => {
  test("a wrong token: the sentence, and the project stays out", async () => {
    await using town = new Town();
    const alice = town.person("alice", await town.relay());
    expectRefused(await alice.start([], { AGORA_TOKEN: "wrong" }), /token/i);
    expectRefused(await alice.type(["who"]), /not in a room/);
    expect((await alice.start()).code).toBe(0);
  });

  test("a grant: bound to its name, expired, revoked", async () => {
    await using town = new Town();
    const owner = town.person("owner", undefined);
    const { key } = await owner.ask<{ key: string }>(["room", "create", "den"]);
    const revoked = join(town.folder, "revoked");
    writeFileSync(revoked, "");
    const relay = await town.relay(["--room-keys", `den=${key}`, "--grants-only", "--revoked-file", revoked]);
    const invite = (words: readonly string[]): Promise<{ invite: string; id: string }> =>
      owner.ask(["invite", "--room", "den", "--relay", relay.url, ...words]);
    const bob = town.person("bob", undefined);
    const mallory = town.person("mallory", undefined);
    const forBob = await invite(["bob"]);
    expect((await bob.type(["start", "-n", "bob", forBob.invite])).out).toMatch(/^joined as bob /);
    expectRefused(await mallory.type(["start", "-n", "mallory", forBob.invite]), /token|grant|name/i);
    await bob.type(["stop"]);
    writeFileSync(revoked, `${forBob.id}\n`);
    relay.reload();
    const refused = await until("the relay to know", async () => {
      const started = await bob.type(["start"]);
      if (started.code === 0) await bob.type(["stop"]);
      return started.code !== 0 && started;
    });
    expectRefused(refused, /revoked/);
  });

  test("a name that is taken, and a room that is full", async () => {
    await using town = new Town();
    const relay = await town.relay(["--max-members", "1"]);
    const alice = town.person("alice", relay);
    const other = town.person("alice", relay, { project: "elsewhere", home: join(town.folder, "other.home") });
    const bob = town.person("bob", relay);
    expect((await alice.start()).code).toBe(0);
    expectRefused(await other.start(), /name/i);
    expectRefused(await bob.start(), /as many members/);
    expect((await alice.type(["who"])).code).toBe(0);
  });

  test("two projects of one person under one name", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const one = town.person("alice", relay);
    const two = town.person("alice", relay, { project: "two", home: one.home });
    expect((await one.start()).code).toBe(0);
    expectRefused(await two.start(), /alice/);
    expect((await one.type(["who"])).code).toBe(0);
  });

  test("a relay that is away: said so, and tried again until it is back", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const alice = town.person("alice", relay);
    await relay.end();
    expectRefused(await alice.start(), /status/);
    await town.relay(["--port", relay.port, "--token", relay.token]);
    await until("the connection", async () => (await alice.ask<Status>(["status"])).connection.state === "joined");
  });
});

describe("what is said", () => {
  test("unknown recipient, empty, too long, unknown thread: nothing is sent", async () => {
    await using town = new Town();
    const { alice } = await town.pair(["--max-text", "2K"]);
    expectRefused(await alice.type(["say", "@bop", "hi"]), /bob/);
    expectRefused(await alice.type(["say", "@bob", "  "]), /nothing to say/i);
    expectRefused(await alice.type(["say", "@bob", "x".repeat(3_000)]), /--file/);
    expectRefused(await alice.type(["say", "--thread", "zzzzzzzz", "hi"]), /thread/i);
    expectRefused(await alice.type(["accept", "zzzzzzzz"]), /zzzzzzzz|thread/i);
    expect((await alice.ask<History>(["history"])).lines).toEqual([]);
  });

  test("files: missing, a folder, too large, ignored ones from an agent, ones outside from an agent", async () => {
    await using town = new Town();
    const { alice } = await town.pair(["--max-file", "10K"]);
    writeFileSync(join(alice.project, "big.bin"), Buffer.alloc(20_000));
    writeFileSync(join(town.folder, "secret.txt"), "secret");
    expectRefused(await alice.type(["say", "@bob", "--file", "nowhere.txt"]), /nowhere\.txt/);
    expectRefused(await alice.type(["say", "@bob", "--file", "."]), /file/i);
    expectRefused(await alice.type(["say", "@bob", "--file", "big.bin"]), /20 KiB.*10 KiB/);
    expectRefused(await alice.type(["say", "@bob", "--file", "../secret.txt"], { CLAUDECODE: "1" }), /project/);
    expect((await alice.ask<History>(["history"])).lines).toEqual([]);
  });

  test("the relay goes in mid-send: queued with the reason, delivered once when it is back", async () => {
    await using town = new Town();
    const { alice, bob, relay } = await town.pair();
    await relay.end("SIGKILL");
    const said = await alice.ask<Said>(["say", "@bob", "still there?"]);
    expect(said.state).toBe("queued");
    expect(said.reason).toBeTruthy();
    const { pid } = (await alice.ask<Status>(["status"])).daemon;
    process.kill(pid, "SIGKILL"); // and the author's daemon dies as well
    await town.relay(["--port", relay.port, "--token", relay.token]);
    await until("the daemon", async () => (await alice.ask<Status>(["status"])).connection.state === "joined");
    await inHistory(bob, said.id);
    const again = (await bob.ask<History>(["history"])).lines.filter((line) => line.id === said.id);
    expect(again).toHaveLength(1);
    expect((await bob.ask<Inbox>(["inbox"])).map((item) => item.id)).toEqual([said.id]);
  });
});

describe("what lies on the disk", () => {
  test("settings that are not JSON, or know too much", async () => {
    await using town = new Town();
    const alice = town.person("alice", await town.relay());
    mkdirSync(alice.home, { mode: 0o700 });
    for (const [text, sentence] of [
      ["{ nonsense", /settings\.json/],
      ['{"relayURL": "x"}', /relayURL.*relayUrl/],
    ] as const) {
      writeFileSync(join(alice.home, "settings.json"), text, { mode: 0o600 });
      expectRefused(await alice.start(), sentence);
    }
  });

  test("a torn last line is put aside, the rest is kept", async () => {
    await using town = new Town();
    const { alice, bob } = await town.pair();
    const said = await alice.ask<Said>(["say", "@bob", "one"]);
    await inHistory(bob, said.id);
    await bob.type(["stop"]);
    appendFileSync(join(bob.memory, "history.jsonl"), '{"torn":');
    expect((await bob.type(["start"])).code).toBe(0);
    const two = await alice.ask<Said>(["say", "@bob", "two"]);
    await inHistory(bob, two.id);
    expect((await bob.ask<History>(["history"])).lines.map((line) => line.text)).toEqual(["one", "two"]);
    for (const row of bob.read(".agora", "history.jsonl").trimEnd().split("\n")) JSON.parse(row);
  });

  test("a data folder that is a link is refused", async () => {
    await using town = new Town();
    const alice = town.person("alice", await town.relay());
    mkdirSync(join(town.folder, "elsewhere"));
    symlinkSync(join(town.folder, "elsewhere"), join(alice.project, ".agora"));
    expectRefused(await alice.start(), /\.agora/);
    expect(readdirSync(join(town.folder, "elsewhere"))).toEqual([]);
  });

  test("a data folder that can't be written", async () => {
    await using town = new Town();
    const alice = town.person("alice", await town.relay());
    using _ = readOnly(alice.project);
    // What is kept is in the home: only what people would read in the project is missing, and that is told.
    expect((await alice.start()).code).toBe(0);
    expect((await alice.ask<Status>(["status"])).notices.join()).toMatch(/can't be shown in .*\.agora/);
  });

  test("a cloned project that brings its own .agora is not believed", async () => {
    await using town = new Town();
    const relay = await town.relay();
    const alice = town.person("alice", relay);
    mkdirSync(join(alice.project, ".agora"), { mode: 0o755 });
    writeFileSync(
      join(alice.project, ".agora", "settings.json"),
      JSON.stringify({ mode: "auto", relayUrl: "wss://evil.example" }),
    );
    writeFileSync(
      join(alice.project, ".agora", "history.jsonl"),
      `${JSON.stringify({ author: "eve", text: "planted" })}\n`,
    );
    expectRefused(await alice.type(["who"]), /not in a room/);
    const started = await alice.start();
    const planted = started.code === 0 ? (await alice.type(["history"])).out : started.err;
    expect(planted).not.toContain("planted");
    expect(started.out).not.toContain("mode=auto");
  });

  test("a project's environment that names another relay gets nothing", async () => {
    await using town = new Town();
    const { alice } = await town.pair();
    const evil = await town.relay();
    await alice.type(["stop"]);
    const env = { CLAUDECODE: "1", AGORA_RELAY_URL: evil.url, AGORA_MODE: "auto" };
    const back = await alice.type(["start"], env);
    expect(back.out).toMatch(/^joined as alice \(mode=manual\)/);
    expect((await alice.ask<Status>(["status"])).connection.relay).not.toContain(evil.port);
    await alice.type(["stop"]);
    // A person who types it may follow it, but the token kept for the other relay does not go along.
    expectRefused(await alice.type(["start"], { AGORA_RELAY_URL: evil.url }), /token/i);
  });
});

test("many commands at once on a stopped daemon: one daemon", async () => {
  await using town = new Town();
  const { alice } = await town.pair();
  process.kill((await alice.ask<Status>(["status"])).daemon.pid, "SIGKILL");
  const all = await Promise.all(Array.from({ length: 6 }, () => alice.ask<Status>(["status"])));
  expect(new Set(all.map((status) => status.daemon.pid)).size).toBe(1);
});

test("a journal that was cut short is still a journal", async () => {
  await using town = new Town();
  const { alice, bob } = await town.pair();
  for (const text of ["one", "two"]) await inHistory(bob, (await alice.ask<Said>(["say", text])).id);
  await bob.type(["stop"]);
  const path = join(bob.memory, "history.jsonl");
  truncateSync(path, statSync(path).size - 20);
  expect((await bob.type(["start"])).code).toBe(0);
  const { lines } = await bob.ask<History>(["history"]);
  expect(lines[0]).toMatchObject({ text: "one" });
});
