// `agora verify` over journals that real daemons wrote: whole as they are, and not when somebody edits them.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigner, createVerifier, type KeyPair } from "@agora/ports";
import { type Head, signEvent } from "@agora/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Pair, Town, until, wholeLines } from "./test-users.ts";

let town: Town;
let pair: Pair;
/** The lines of bob's journal; statements about keys stand between what was said. */
const lines = (): readonly string[] =>
  wholeLines(readFileSync(join(pair.bob.memory, "history.jsonl"), "utf8"))
    .trimEnd()
    .split("\n");
/** What somebody states of their device and their key, which comes when it comes. */
const statedBy = (author: string): readonly string[] =>
  lines().filter((line) => line.includes(`"author":"${author}"`) && line.includes('"kind":"key"'));
const placeOf = (text: string): number => lines().findIndex((line) => line.includes(`"text":"${text}"`));

beforeAll(async () => {
  town = new Town();
  pair = await town.pair();
  for (const text of ["one", "two", "three"]) await pair.alice.ask(["say", text]);
  await pair.alice.ask(["say", "@bob", "for you"]);
  await until("bob has all of it", () => lines().some((line) => line.includes('"text":"for you"')));
  await until("and whose the keys are", () => ["alice", "bob"].every((name) => statedBy(name).length >= 2));
});
afterAll(() => town[Symbol.asyncDispose]());

test("a project, the folder that people see, and each file of it are whole, while the daemon runs", async () => {
  const { bob } = pair;
  for (const path of [[], [bob.project], [".agora"], [".agora/history.jsonl"], [join(bob.memory, "history.jsonl")]]) {
    // Whatever else may come while it looks.
    const [ran, count] = await until("nothing came meanwhile", async () => {
      const before = lines().length;
      const looked = await bob.type(["verify", ...path]);
      return lines().length === before && ([looked, before] as const);
    });
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toMatch(new RegExp(`^whole: ${count} events of \\d members? in `));
  }
});

test("a journal that somebody edited is not: a sentence for each fault, and 1", async () => {
  const { bob } = pair;
  const copy = join(bob.project, "copy.jsonl");
  const removed = lines().toSpliced(placeOf("two"), 1);
  const place = `copy.jsonl:${removed.findIndex((line) => line.includes('"text":"three"')) + 1}`;
  writeFileSync(copy, `${removed.join("\n").replace('"text":"three"', '"text":"THREE"')}\n`);
  const typed = await bob.type(["verify", "copy.jsonl"]);
  expect(typed.code).toBe(1);
  expect(typed.out).toMatch(
    new RegExp(`^${place}: The body of the event \\S+ is not the one that was signed\\.$`, "m"),
  );
  expect(typed.out).toMatch(/^not whole: 1 fault in \d+ events of \d members? in /m);
  writeFileSync(copy, `${removed.join("\n")}\n`);
  const asked = await bob.type(["verify", "--json", "copy.jsonl"]);
  expect(asked.code).toBe(1);
  expect(JSON.parse(asked.out)).toMatchObject({
    whole: false,
    events: removed.length,
    faults: [{ code: "missing", where: place }],
  });
});

test("programs are told whose each key is, as its person states it", async () => {
  const { alice, bob } = pair;
  const { root } = await alice.ask<{ root: string }>(["devices"]);
  const { code, out } = await bob.type(["verify", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    whole: true,
    keys: expect.arrayContaining([expect.objectContaining({ author: "alice", root, as: "member" })]),
  });
});

test("a proof that its author told another story is shown, though the other one is not in the journal", async () => {
  const { alice, bob } = pair;
  await bob.ask(["stop"]);
  const place = placeOf("one");
  const first = JSON.parse(lines()[place]!) as { head: string };
  const { v: _, key: __, body: ___, ...draft } = JSON.parse(first.head) as Head;
  const [file] = readdirSync(join(alice.home, "keys"));
  const keys = JSON.parse(readFileSync(join(alice.home, "keys", file!), "utf8")) as KeyPair;
  const other = signEvent(draft, "another story", "text/plain", createSigner(keys), createVerifier()).signed;
  const { author, seq } = draft;
  const proof = { op: "conflict", at: 1, author, key: keys.key, audience: "*", seq, head: other.head, sig: other.sig };
  appendFileSync(join(bob.memory, "inbox.jsonl"), `${JSON.stringify(proof)}\n`);
  const { code, out } = await bob.type(["verify"]);
  expect(code).toBe(1);
  const told = `@alice signed another number ${seq} to the room \\(\\w+\\) than the one that stands here`;
  expect(out).toMatch(new RegExp(`^history\\.jsonl:${place + 1}: ${told}\\.$`, "m"));
});

test("what is not a journal is said in one sentence", async () => {
  const nowhere = await pair.bob.type(["verify", "nowhere"]);
  expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining("is not there") });
  const empty = await pair.bob.type(["verify", town.folder]);
  expect(empty).toMatchObject({ code: 1, err: expect.stringContaining("No journal is in") });
});
