// A disk that is full or may not be written, under what a running daemon remembers. Needs to mount a small disk: as root.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { expect, test } from "vitest";
import { acquainted, type Person, type Ran, Town, until } from "./test-users.ts";

type History = AnswerData["history"];

const mount = (dir: string, options: string): boolean =>
  process.platform === "linux" && spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", dir]).status === 0;

/** Where a person's home keeps what daemons remember. */
const memories = (person: Person): string => join(person.home, "projects");

/** Puts a disk of its own under what a person's daemons remember; gone with the result. */
function smallDisk(person: Person, size: string): Disposable | undefined {
  mkdirSync(memories(person), { recursive: true, mode: 0o700 });
  if (!mount(memories(person), `size=${size},mode=700`)) return undefined;
  return { [Symbol.dispose]: () => void spawnSync("umount", ["-l", memories(person)]) };
}

function expectOneSentence(ran: Ran, sentence: RegExp): void {
  expect(ran).toMatchObject({ code: 1, out: "" });
  expect(ran.err).toMatch(sentence);
  expect(ran.err.trimEnd().split("\n")).toHaveLength(1);
}

const texts = async (person: Person): Promise<string[]> =>
  (await person.ask<History>(["history", "--limit", "1000"])).lines.map((line) => line.text.slice(0, 8));

test("the author's: what can't be kept is refused, what was accepted arrives, and it goes on when there is room", async (context) => {
  await using town = new Town();
  const relay = await town.relay();
  const alice = town.person("alice", relay);
  using disk = smallDisk(alice, "512k");
  if (disk === undefined) return context.skip("needs to mount a small disk");
  const bob = town.person("bob", relay);
  for (const person of [alice, bob]) expect((await person.start()).err).toBe("");
  await acquainted(alice, bob);

  const accepted: string[] = [];
  let refused: Ran | undefined;
  for (let n = 1; refused === undefined && n < 40; n += 1) {
    const name = `text-${String(n).padStart(3, "0")}`;
    const ran = await alice.type(["say", "@bob", `${name} ${"x".repeat(40_000)}`]);
    if (ran.code === 0) accepted.push(name);
    else refused = ran;
  }
  expectOneSentence(refused!, /make room in/);
  expect(accepted.length).toBeGreaterThan(2);
  await until("all that was accepted", async () => (await texts(bob)).length >= accepted.length);

  expect(mount(memories(alice), "remount,size=16m")).toBe(true);
  await until("room again", async () => (await alice.type(["say", "@bob", "text-end"])).code === 0);
  await until("the last one", async () => (await texts(bob)).includes("text-end"));
  expect(await texts(bob)).toEqual([...accepted, "text-end"]);
  await alice.type(["stop"]);
  expect((await alice.start()).code).toBe(0);
  expect(await texts(alice)).toEqual([...accepted, "text-end"]);
  await alice.type(["stop"]);
});

test("the recipient's: its author is not told that it was stored, until there is room", async (context) => {
  await using town = new Town();
  const relay = await town.relay();
  const alice = town.person("alice", relay);
  const bob = town.person("bob", relay);
  using disk = smallDisk(bob, "256k");
  if (disk === undefined) return context.skip("needs to mount a small disk");
  for (const person of [alice, bob]) expect((await person.start()).err).toBe("");
  await acquainted(alice, bob);

  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) {
    ids.push((await alice.ask<AnswerData["say"]>(["say", "@bob", `text-${n} ${"x".repeat(60_000)}`])).id);
  }
  const stored = async (): Promise<number> => {
    const all = await Promise.all(ids.map((id) => alice.ask<AnswerData["status"]>(["status", id])));
    return all.filter(({ events }) => events[0]!.deliveries.some(({ state }) => state === "stored")).length;
  };
  await until("bob's daemon says why", async () =>
    (await bob.ask<AnswerData["status"]>(["status"])).notices.find((notice) => notice.includes("make room in")),
  );
  expect(await stored()).toBeLessThan(ids.length);
  expect(mount(memories(bob), "remount,size=16m")).toBe(true);
  await until("all are stored", async () => (await stored()) === ids.length);
  expect(await texts(bob)).toEqual(ids.map((_, n) => `text-${n} `.padEnd(8, "x")));
  await bob.type(["stop"]);
});

test("a folder that may not be written: one sentence, and the project stays out", async (context) => {
  await using town = new Town();
  const alice = town.person("alice", await town.relay());
  using disk = smallDisk(alice, "256k");
  if (disk === undefined) return context.skip("needs to mount a small disk");
  expect(mount(memories(alice), "remount,ro")).toBe(true);
  expectOneSentence(await alice.start(), /can't be written/);
  expectOneSentence(await alice.type(["who"]), /not in a room/);
  expect(mount(memories(alice), "remount,rw")).toBe(true);
  expect((await alice.start()).code).toBe(0);
  await alice.type(["stop"]);
});
