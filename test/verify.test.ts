// `agora verify` over journals that real daemons wrote: whole as they are, and not when somebody edits them.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigner, createVerifier, type KeyPair } from "@agora/ports";
import { type Head, signEvent } from "@agora/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Pair, Town, until } from "./test-users.ts";

interface Verified {
  readonly whole: boolean;
  readonly events: number;
  readonly faults: readonly { readonly code: string; readonly where: string; readonly message: string }[];
}

let town: Town;
let pair: Pair;

beforeAll(async () => {
  town = new Town();
  pair = await town.pair();
  for (const text of ["one", "two", "three"]) await pair.alice.ask(["say", text]);
  await pair.alice.ask(["say", "@bob", "for you"]);
  await until("bob has all of it", async () => (await pair.bob.ask<Verified>(["verify"])).events === 4);
});
afterAll(() => town[Symbol.asyncDispose]());

test("a project, the folder that people see, and each file of it are whole, while the daemon runs", async () => {
  const { bob } = pair;
  for (const path of [[], [bob.project], [".agora"], [".agora/history.jsonl"], [join(bob.memory, "history.jsonl")]]) {
    const { code, out, err } = await bob.type(["verify", ...path]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^whole: 4 events of 1 member in /);
  }
});

test("a journal that somebody edited is not: a sentence for each fault, and 1", async () => {
  const { bob } = pair;
  const lines = readFileSync(join(bob.memory, "history.jsonl"), "utf8").split("\n");
  const copy = join(bob.project, "copy.jsonl");
  writeFileSync(copy, lines.toSpliced(1, 1).join("\n").replace('"text":"three"', '"text":"THREE"'));
  const typed = await bob.type(["verify", "copy.jsonl"]);
  expect(typed.code).toBe(1);
  expect(typed.out).toMatch(/^copy\.jsonl:2: The body of the event \S+ is not the one that was signed\.$/m);
  expect(typed.out).toMatch(/^not whole: 1 fault in 2 events of 1 member in /m);
  writeFileSync(copy, lines.toSpliced(1, 1).join("\n"));
  const asked = await bob.type(["verify", "--json", "copy.jsonl"]);
  expect(asked.code).toBe(1);
  expect(JSON.parse(asked.out)).toMatchObject({
    whole: false,
    events: 3,
    faults: [{ code: "missing", where: "copy.jsonl:2" }],
  });
});

test("a proof that its author told another story is shown, though the other one is not in the journal", async () => {
  const { alice, bob } = pair;
  await bob.ask(["stop"]);
  const first = JSON.parse(readFileSync(join(bob.memory, "history.jsonl"), "utf8").split("\n")[0]!) as { head: string };
  const { v: _, key: __, body: ___, ...draft } = JSON.parse(first.head) as Head;
  const [file] = readdirSync(join(alice.home, "keys"));
  const keys = JSON.parse(readFileSync(join(alice.home, "keys", file!), "utf8")) as KeyPair;
  const other = signEvent(draft, "another story", "text/plain", createSigner(keys), createVerifier()).signed;
  const { author, seq } = draft;
  const proof = { op: "conflict", at: 1, author, key: keys.key, audience: "*", seq, head: other.head, sig: other.sig };
  appendFileSync(join(bob.memory, "inbox.jsonl"), `${JSON.stringify(proof)}\n`);
  const { code, out } = await bob.type(["verify"]);
  expect(code).toBe(1);
  expect(out).toMatch(
    /^history\.jsonl:1: @alice signed another number 1 to the room \(\w+\) than the one that stands here\.$/m,
  );
});

test("what is no journal is said in one sentence", async () => {
  const nowhere = await pair.bob.type(["verify", "nowhere"]);
  expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining("is not there") });
  const empty = await pair.bob.type(["verify", town.folder]);
  expect(empty).toMatchObject({ code: 1, err: expect.stringContaining("No journal is in") });
});
