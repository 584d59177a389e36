// A project of the version that kept its memory in `.agora`, with mail on its way in and out: the first daemon of this version
// takes it over once, whole, and believes nothing that is put there later. The old version is the bundle that the repository
// had then.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acquainted, type Person, Town, until } from "./test-users.ts";
import { ENTRY } from "./program.ts";

type History = AnswerData["history"];
type Inbox = AnswerData["inbox"];
type Said = AnswerData["say"];
type Status = AnswerData["status"];

/** The last commit before journals moved into the home. */
const BEFORE = "09795f6";
const FILES = ["agora.mjs", "hook.cjs", "quick.cjs"];

const folder = mkdtempSync(join(tmpdir(), "agora-before-"));
const old = join(folder, "dist", "agora.mjs");
let isThere = false;

beforeAll(() => {
  mkdirSync(join(folder, "dist"));
  isThere = FILES.every((file) => {
    const words = ["show", `${BEFORE}:packages/claude-code/dist/${file}`];
    const { status, stdout } = spawnSync("git", words, { cwd: import.meta.dirname, maxBuffer: 64 * 1024 * 1024 });
    if (status === 0) writeFileSync(join(folder, "dist", file), stdout);
    return status === 0;
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const waiting = async (person: Person): Promise<string[]> =>
  (await person.ask<Inbox>(["inbox"])).map((item) => item.text);
const texts = async (person: Person): Promise<string[]> =>
  (await person.ask<History>(["history"])).lines.map((line) => line.text).sort();

/** Alice on the old version: mail that waits for her, words that wait for Carol, who is away, and a file that is on its way. */
async function before(town: Town): Promise<{ alice: Person; bob: Person; carol: Person }> {
  const relay = await town.relay();
  const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => town.person(name, relay)) as [
    Person,
    Person,
    Person,
  ];
  for (const person of [alice, bob, carol]) {
    person.entry = old;
    expect((await person.start()).err).toBe("");
  }
  await acquainted(alice, bob, carol);
  await alice.ask<Said>(["say", "to everybody"]);
  await bob.ask<Said>(["say", "@alice", "do this"]);
  await until("it waits", async () => (await waiting(alice)).length === 1);
  await carol.type(["stop"]);
  writeFileSync(join(alice.project, "notes.txt"), "three lines");
  await alice.ask<Said>(["say", "@carol", "for later"]);
  await alice.ask<Said>(["say", "@carol", "--file", "notes.txt", "with this"]);
  // Its daemon replaces files there: one that is gone when its turn comes spoils the copy.
  await until("a copy of it", () => {
    rmSync(join(town.folder, "then"), { recursive: true, force: true });
    cpSync(join(alice.project, ".agora"), join(town.folder, "then"), { recursive: true });
    return true;
  });
  return { alice, bob, carol };
}

test.each(["while the old daemon runs", "after it has left"])(
  "%s: what waits goes on waiting, what was said is known, the next words are counted on",

  async (when) => {
    if (!isThere) return;
    await using town = new Town();
    const { alice, bob, carol } = await before(town);
    if (when === "after it has left") await alice.type(["stop"]);
    alice.entry = ENTRY;
    if (when === "after it has left") expect((await alice.type(["start"])).code).toBe(0);
    else await until("this version", async () => (await alice.ask<AnswerData["update"]>(["update"])).restarted);
    expect(await waiting(alice)).toEqual(["do this"]);
    expect(await texts(alice)).toEqual(["do this", "for later", "to everybody", "with this"]);
    const left = readdirSync(join(alice.project, ".agora"));
    expect(left).toEqual(expect.arrayContaining(["history.jsonl", "folder.json"]));
    expect(left.filter((name) => /^checkpoint\.json$|^sent$|not-ours/.test(name))).toEqual([]);
    await alice.ask<Said>(["say", "@bob", "the next words"]);
    await until("they came", async () => (await waiting(bob)).includes("the next words"));
    expect((await carol.start()).code).toBe(0);
    await until("the file came", () => readdirSync(join(carol.project, ".agora", "files")).length === 1);
    await until("both wait", async () => (await waiting(carol)).length === 2);
    expect(await waiting(carol)).toEqual(["for later", "with this"]);
    expect((await alice.type(["reject", "last", "not today"])).code).toBe(0);
    expect(await waiting(alice)).toEqual([]);

    // The old version would find nothing there, and says so rather than begin anew.
    alice.entry = old;
    await alice.type(["stop"]);
    expect((await alice.type(["start"])).err).toMatch(/newer agora/);
    alice.entry = ENTRY;
    expect((await alice.type(["start"])).code).toBe(0);

    // What looks like a memory of then is nobody's now.
    await alice.type(["stop"]);
    cpSync(join(town.folder, "then"), join(alice.project, ".agora"), { recursive: true });
    expect((await alice.type(["start"])).code).toBe(0);
    expect(await waiting(alice)).toEqual([]);
    expect(await texts(alice)).toEqual(expect.arrayContaining(["for later", "the next words", "to everybody"]));
  },
);

test("journals of then that are links are left where they are, and it is told", async () => {
  if (!isThere) return;
  await using town = new Town();
  const { alice } = await before(town);
  await alice.type(["stop"]);
  const path = join(alice.project, ".agora", "inbox.jsonl");
  writeFileSync(join(town.folder, "elsewhere"), alice.read(".agora", "inbox.jsonl").replaceAll("do this", "do that"));
  rmSync(path);
  symlinkSync(join(town.folder, "elsewhere"), path);
  alice.entry = ENTRY;
  expect((await alice.type(["start"])).code).toBe(0);
  expect(await waiting(alice)).not.toContain("do that");
  expect(readFileSync(join(alice.memory, "inbox.jsonl"), "utf8")).not.toContain("do that");
  expect((await alice.ask<Status>(["status"])).notices.join()).toMatch(/did not write .*inbox\.jsonl/);
  expect(existsSync(join(alice.memory, "room.json"))).toBe(true);
});
