// Two versions on one computer: a newer client renews the daemon by hand-over, an older one never brings the older back, and
// whatever dies in between, each message is in each journal once. Real processes of really different bundles.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AnswerData } from "@agora/commands";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acquainted, type Person, Town, until, wholeLines } from "./test-users.ts";
import { openSession } from "./session.ts";
import { expectOnce, startStream, type Stream } from "./stream.ts";
import { buildVersion } from "./versions.ts";

type Status = AnswerData["status"];
type Said = AnswerData["say"];

let workshop: Town;
let one: string;
let two: string;

beforeAll(async () => {
  workshop = new Town();
  one = await buildVersion(join(workshop.folder, "one"), { version: "0.1.0" });
  two = await buildVersion(join(workshop.folder, "two"), { version: "0.2.0" });
});
afterAll(() => workshop[Symbol.asyncDispose]());

/** Two people who are in a room with version one. */
async function pair(town: Town, entry = one): Promise<{ alice: Person; bob: Person }> {
  const relay = await town.relay(["--rate-agent", "off", "--rate-user", "off"]);
  const people = [town.person("alice", relay), town.person("bob", relay)] as const;
  for (const person of people) {
    person.entry = entry;
    expect((await person.start(["--mode", "auto"])).err).toBe("");
  }
  await acquainted(...people);
  const [alice, bob] = people;
  return { alice, bob };
}

test("the copy that install shell keeps follows a newer version, unless nobody listed what lies there", async () => {
  await using town = new Town();
  const { alice } = await pair(town);
  const kept = join(alice.home, "bin", "agora.mjs");
  const shell = (...words: string[]) => {
    const env = { PATH: process.env["PATH"] ?? "", HOME: alice.home, AGORA_HOME: alice.home };
    return spawnSync(join(alice.home, "bin", "agora"), words, { env, cwd: alice.project, encoding: "utf8" });
  };
  expect(await alice.type(["install", "shell"])).toMatchObject({ code: 0, err: "" });
  expect(shell("--version").stdout).toBe("0.1.0\n");
  // Somebody's own program in its place is left alone.
  const own = readFileSync(kept);
  writeFileSync(kept, "// mine\n");
  alice.entry = two;
  await alice.type(["who"]);
  await renewedTo(alice, "0.2.0");
  expect(readFileSync(kept, "utf8")).toBe("// mine\n");
  writeFileSync(kept, own);
  await alice.type(["stop"]);
  expect((await alice.type(["start"])).err).toBe("");
  await until("the newer copy", () => readFileSync(kept).equals(readFileSync(two)));
  expect(shell("--version")).toMatchObject({ stdout: "0.2.0\n", stderr: "", status: 0 });
  expect(shell("who")).toMatchObject({ stderr: "", status: 0 });
});

const daemonOf = async (person: Person) => (await person.ask<Status>(["status"])).daemon;

/** The daemon once it is of this version: a command waits for the newer one only so long, and then the older serves it. */
const renewedTo = (person: Person, version: string) =>
  until(`the daemon of ${version}`, async () => {
    const daemon = await daemonOf(person);
    return daemon.version === version && daemon;
  });

const byCommand = (person: Person, to: readonly string[]) => async (text: string) =>
  (await person.ask<Said>(["say", ...to, text])).id;

/** The daemon processes of a project, by the version of their code. */
function daemons(person: Person): readonly { readonly pid: number; readonly version: string }[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      const at = words.indexOf("daemon");
      const version = /versions\/(.+)-[0-9a-f]{8}\//.exec(words[at - 1] ?? "")?.[1];
      return at > 0 && words[at + 1] === person.project && version !== undefined
        ? [{ pid: Number(name), version }]
        : [];
    } catch {
      return [];
    }
  });
}

/** Whether one daemon of the project runs and no more, of this version. */
const isAlone = (person: Person, version: string): boolean =>
  daemons(person).reduce((all, one) => all + one.version, "") === version;

const atLeast = (stream: Stream, count: number) =>
  until(`${count} messages`, () => Promise.resolve(stream.count >= count));

/** Whether the successor was in the room after it had asked for the place, by the log that both write. */
function hasSucceeded(person: Person): boolean {
  const lines = wholeLines(person.read(".agora", "daemon.log"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { readonly event: string; readonly state?: string });
  const from = lines.findIndex(({ event }) => event === "handing-over");
  return from >= 0 && lines.slice(from).some(({ event, state }) => event === "session" && state === "joined");
}

describe("a newer client meets an older daemon", () => {
  test("it hands over under load: nothing lost, nothing twice; the seat and the waiter go on", async () => {
    await using town = new Town();
    const { alice, bob } = await pair(town);
    await using session = await openSession(alice, one, "s-1");
    await session.hook("UserPromptSubmit", "hello");
    await session.hook("Stop");
    const waiter = session.wait();
    const armed = async () =>
      (await alice.ask<Status>(["status"])).seats.find((s) => s.seat === "claude" && s.connected && s.reachable);
    await until("the seat with its waiter", armed);
    const before = await daemonOf(alice);
    expect(before.version).toBe("0.1.0");

    const fromAlice = startStream("alice", async (text) => {
      const said = await session.tool("say", { text, to: ["bob"] });
      if (!said.ok) throw new Error(said.text);
      return undefined;
    });
    const fromBob = startStream("bob", byCommand(bob, []));
    await atLeast(fromAlice, 5);
    await atLeast(fromBob, 3);
    alice.entry = two;
    const after = await renewedTo(alice, "0.2.0");
    expect(after.pid).not.toBe(before.pid);
    const [aliceHad, bobHad] = [fromAlice.count, fromBob.count];
    await atLeast(fromAlice, aliceHad + 5);
    await atLeast(fromBob, bobHad + 3);
    bob.entry = two;
    await renewedTo(bob, "0.2.0");
    const [a, b] = [await fromAlice.stop(), await fromBob.stop()];
    expect([...a.refused, ...b.refused]).toEqual([]);
    await expectOnce([alice, bob], [...a.told, ...b.told]);

    await until("each is confirmed to have come", async () => {
      const { events, queued } = await alice.ask<Status>(["status"]);
      const states = events.flatMap(({ deliveries }) => deliveries.map(({ state }) => state));
      return queued === 0 && !states.includes("queued") && !states.includes("relayed");
    });
    await until("the successor stands in the log", () => hasSucceeded(alice));

    await until("the older process is gone", () => isAlone(alice, "0.2.0"));
    await until("the seat with its waiter at the new daemon", armed);
    expect(waiter.code).toBe(null);
    const { id } = await bob.ask<Said>(["say", "@alice", "wake up"]);
    expect(await waiter.ended).toBe(2);
    await until("the session has it", async () =>
      (await session.hook("UserPromptSubmit", "<task-notification>woken</task-notification>")).includes("wake up"),
    );
    await until("it is handed", async () =>
      (await bob.ask<Status>(["status", id])).events[0]?.deliveries.some((d) => d.state === "handed"),
    );
  });

  test("the old version's surfaces never bring the old daemon back", async () => {
    await using town = new Town();
    const { alice } = await pair(town);
    await using session = await openSession(alice, one, "s-1");
    await session.hook("UserPromptSubmit", "hello");
    alice.entry = two;
    const { pid } = await renewedTo(alice, "0.2.0");
    alice.entry = one;
    expect(await daemonOf(alice)).toMatchObject({ version: "0.2.0", pid });
    process.kill(pid, "SIGKILL");
    const again = await daemonOf(alice);
    expect(again.version).toBe("0.2.0");
    process.kill(again.pid, "SIGKILL");
    await until("it is gone", () => Promise.resolve(daemons(alice).length === 0));
    expect((await session.tool("status", {})).text).toContain("0.2.0");
    await alice.type(["stop"]);
    expect((await alice.start()).err).toBe("");
    expect((await daemonOf(alice)).version).toBe("0.2.0");
    expect(await alice.ask<AnswerData["update"]>(["update"])).toMatchObject({ version: "0.1.0", daemon: "0.2.0" });
    await until("there is no other", () => isAlone(alice, "0.2.0"));
  });

  test("update restarts the daemon of the same version, and the session goes on", async () => {
    await using town = new Town();
    const { alice, bob } = await pair(town);
    await using session = await openSession(alice, one, "s-1");
    await session.hook("UserPromptSubmit", "hello");
    const before = await daemonOf(alice);
    await until("it is restarted", async () => {
      const { restarted, daemon } = await alice.ask<AnswerData["update"]>(["update"]);
      return restarted && daemon === "0.1.0";
    });
    expect((await daemonOf(alice)).pid).not.toBe(before.pid);
    await until("the seat is back by itself", async () =>
      (await alice.ask<Status>(["status"])).seats.some((s) => s.seat === "claude" && s.connected),
    );
    expect((await bob.type(["who"])).out).toMatch(/alice/);
  });
});

/** A daemon that dies as soon as it is asked to hand over. */
const DYING = [
  {
    file: "daemon/src/daemon.ts",
    text: 'log.info("handing-over", { to });',
    instead: 'log.info("handing-over", { to }); process.kill(process.pid, "SIGKILL");',
  },
];

describe("something dies in the middle", () => {
  test.each([
    ["the newer daemon, before it asked", "the newer", false],
    ["the older daemon, asked to hand over", "itself", true],
    ["the newer daemon, about to take over", "the newer", true],
  ] as const)("%s", async (_, killed, asked) => {
    await using town = new Town();
    // From outside the older one's moment can't be met: it may have left before anybody saw that it was asked.
    const older =
      killed === "itself" ? await buildVersion(join(town.folder, "dying"), { version: "0.1.0", more: DYING }) : one;
    const { alice, bob } = await pair(town, older);
    await using session = await openSession(alice, older, "s-1");
    await session.hook("UserPromptSubmit", "hello");
    const fromAlice = startStream("alice", byCommand(alice, ["@bob"]));
    const fromBob = startStream("bob", byCommand(bob, []));
    await atLeast(fromAlice, 2);
    alice.entry = two;
    const renewing = alice.type(["status"]);
    const newer = await until("the newer one", () => daemons(alice).find(({ version }) => version === "0.2.0"));
    if (asked) while (!alice.read(".agora", "daemon.log").includes("handing-over")) await sleep(1);
    if (killed === "the newer") process.kill(newer.pid, "SIGKILL");
    await renewing;
    const had = fromBob.count;
    await atLeast(fromBob, had + 3);
    const [a, b] = [await fromAlice.stop(), await fromBob.stop()];
    // Who was told nothing may ask again; a client in mid-request says it once by itself.
    expect([...a.refused, ...b.refused]).toEqual([]);
    await expectOnce([alice, bob], [...a.told, ...b.told]);
    await renewedTo(alice, "0.2.0");
    await until("it alone", () => isAlone(alice, "0.2.0"));
  });

  test("a newer one that can't start leaves the older one in peace", async () => {
    await using town = new Town();
    const broken = await buildVersion(join(town.folder, "broken"), {
      version: "0.9.0",
      more: [
        {
          file: "cli/src/commands/daemon.ts",
          text: "const [project] = words;",
          instead: "const [project] = words; process.exit(7);",
        },
      ],
    });
    const { alice } = await pair(town);
    const before = await daemonOf(alice);
    alice.entry = broken;
    expect(await daemonOf(alice)).toEqual(before);
    process.kill(before.pid, "SIGKILL");
    alice.entry = one;
    expect((await daemonOf(alice)).version).toBe("0.1.0");
  });
});

describe("what does not fit together", () => {
  test("another ipc language: the newer hands over all the same, the older is told what to do", async () => {
    await using town = new Town();
    const three = await buildVersion(join(town.folder, "three"), {
      version: "0.3.0",
      more: [{ file: "ipc/src/limits.ts", text: "IPC_VERSION = 1;", instead: "IPC_VERSION = 2;" }],
    });
    const { alice } = await pair(town);
    alice.entry = three;
    await renewedTo(alice, "0.3.0");
    alice.entry = one;
    const refused = await alice.type(["who"]);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(/agora 0\.3\.0, too new .*agora 0\.1\.0/);
    alice.entry = three; // it ends what it began
  });

  test.each(["room.json", "checkpoint.json"])("a newer format in %s is refused and left as it is", async (file) => {
    await using town = new Town();
    const { alice } = await pair(town);
    await alice.ask<Said>(["say", "one"]);
    await alice.type(["stop"]);
    const path = join(alice.memory, file);
    const newer = JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), v: 99 });
    writeFileSync(path, newer);
    const refused = await alice.start();
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(/newer agora \(format 99/);
    expect(readFileSync(path, "utf8")).toBe(newer);
  });
});
