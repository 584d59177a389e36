// What a person reads in a terminal: long texts are cut with the command that shows them whole, a refusal looks like one.
import type { AnswerData } from "@agora/commands";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acquainted, type Person, Town, until } from "./test-users.ts";

let town: Town;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  town = new Town();
  const relay = await town.relay();
  alice = town.person("alice", relay);
  bob = town.person("bob", relay);
  await alice.start();
  await bob.start();
  await acquainted(alice, bob);
});
afterAll(() => town[Symbol.asyncDispose]());

const inboxOf = (person: Person) => person.ask<AnswerData["inbox"]>(["inbox"]);

test("a very long text is cut, and the command beside it shows all of it", async () => {
  const text = `${"word ".repeat(3_000)}end of it`;
  await bob.ask(["say", text]);
  await until("alice has it", async () =>
    (await alice.ask<AnswerData["history"]>(["history"])).lines.some((line) => line.text === text),
  );
  const short = (await alice.type(["history"])).out;
  expect(short.length).toBeLessThan(5_000);
  expect(short).not.toContain("end of it");
  const command = /\(cut here: 15009 characters in all; agora (history --full --thread \w+)\)/.exec(short)?.[1];
  expect(command).toBeDefined();
  const whole = (await alice.type(command!.split(" "))).out;
  expect(whole).toContain("end of it");
  expect(whole).not.toContain("cut here");
});

test("a refusal in the inbox says who rejected and why, an answer is shown as one", async () => {
  const asked = await alice.ask<AnswerData["say"]>(["say", "@bob", "rewrite it in Rust"]);
  await until("bob has it", async () => (await inboxOf(bob)).length === 1);
  await bob.ask(["reject", asked.thread, "not this week"]);
  const peek = async () => (await alice.type(["inbox"])).out;
  const refused = await until("the refusal", async () => {
    const out = await peek();
    return out.includes("not this week") && out;
  });
  expect(refused).toMatch(/^(?:\S+ )?\d\d:\d\d rejected by @bob: not this week thread \w{8} · rejects \w{8}$/m);
  const next = await alice.ask<AnswerData["say"]>(["say", "@bob", "and in Go?"]);
  await until("bob has it", async () => (await inboxOf(bob)).length === 1);
  await bob.ask(["append", next.thread, "yes"]);
  const answered = await until("the answer", async () => {
    const out = await peek();
    return out.includes("yes") && out;
  });
  expect(answered).toMatch(/^(?:\S+ )?\d\d:\d\d bob thread \w{8} · answers \w{8}\n {2}yes$/m);
});
