// A version from before relay keys, as it was committed, meets this one: at its relay and at ours, on either side of the talk.
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { expect, test } from "vitest";
import { BEFORE_RELAY_KEYS, isInHistory, olderVersion, startOlderRelay } from "./older-version.ts";
import { acquainted, type Person, Town, until } from "./test-users.ts";

type Status = AnswerData["status"];
type Said = AnswerData["say"];
type Inbox = AnswerData["inbox"];
type History = AnswerData["history"];

const TOKEN = "a-token-of-both-0123456789abcdef";
// In a shallow clone there is nothing to run; the gate has all of the history, and fails there.
const isToRun = isInHistory(BEFORE_RELAY_KEYS) || process.env["CI"] !== undefined;

const isJoined = async (person: Person): Promise<boolean> =>
  (await person.ask<Status>(["status"])).connection.state === "joined";
const hears = (person: Person, text: string): Promise<unknown> =>
  until(`${person.name} hears "${text}"`, async () =>
    (await person.ask<History>(["history"])).lines.some((line) => line.text === text),
  );

/** One says something to all, asks the other, sees that it came, and gets the answer. */
async function talk(asks: Person, answers: Person): Promise<void> {
  const [said, wish, done] = ["said", "wish", "done"].map((word) => `${word} by ${asks.name}`) as [
    string,
    string,
    string,
  ];
  await asks.ask<Said>(["say", said]);
  await hears(answers, said);
  await asks.ask<Said>(["say", `@${answers.name}`, wish]);
  const item = await until("it waits in the inbox", async () =>
    (await answers.ask<Inbox>(["inbox"])).find(({ text }) => text === wish),
  );
  const state = async (): Promise<string | undefined> =>
    (await asks.ask<Status>(["status"])).events.find(({ text }) => text === wish)?.deliveries[0]?.state;
  await until("it is acknowledged", async () => ["stored", "held"].includes((await state()) ?? ""));
  await answers.ask<Said>(["say", "--thread", item.thread, done]);
  await hears(asks, done);
  await until("it is told to be answered", async () => (await state()) === "answered");
}

test.runIf(isToRun)("clients of before and of now talk at a relay of now", async () => {
  await using town = new Town();
  const older = olderVersion(join(town.folder, "older"), BEFORE_RELAY_KEYS);
  const relay = await town.relay([], { AGORA_TOKEN: TOKEN });
  const [alice, bob] = [town.person("alice", relay), town.person("bob", relay)];
  alice.entry = older;
  for (const person of [alice, bob]) {
    expect(await person.start()).toMatchObject({ code: 0 });
    await until(`${person.name} is in`, () => isJoined(person));
  }
  await acquainted(alice, bob);
  await talk(alice, bob);
  await talk(bob, alice);
  // Events without a chain, and void of proofs, are no faults in a journal of now.
  for (const person of [alice, bob])
    expect(await bob.type(["verify", person.project])).toMatchObject({ code: 0, err: "" });
});

test.runIf(isToRun)("a reaction waits in no inbox of a version that doesn't know it", async () => {
  await using town = new Town();
  const older = olderVersion(join(town.folder, "older"), BEFORE_RELAY_KEYS);
  const relay = await town.relay([], { AGORA_TOKEN: TOKEN });
  const [alice, bob] = [town.person("alice", relay), town.person("bob", relay)];
  alice.entry = older;
  for (const person of [alice, bob]) {
    expect(await person.start()).toMatchObject({ code: 0 });
    await until(`${person.name} is in`, () => isJoined(person));
  }
  await acquainted(alice, bob);
  const said = await alice.ask<Said>(["say", "@bob", "look at this"]);
  await hears(bob, "look at this");
  await bob.ask(["react", said.id, "👀"]);
  await hears(alice, "👀"); // a line that names its kind
  expect(await alice.ask<Inbox>(["inbox"])).toEqual([]);
});

test.runIf(isToRun)("at a relay of before, too, once the person said that it has no key", async () => {
  await using town = new Town();
  const older = olderVersion(join(town.folder, "older"), BEFORE_RELAY_KEYS);
  await using relay = await startOlderRelay(older, town.folder, TOKEN);
  const [alice, bob] = [town.person("alice", undefined), town.person("bob", undefined)];
  alice.entry = older;
  const enter = (person: Person, words: readonly string[] = []) =>
    person.start(["--relay", relay.url, ...words], { AGORA_TOKEN: TOKEN });
  expect(await enter(alice)).toMatchObject({ code: 0 });
  const refused = await enter(bob);
  expect(refused.code).not.toBe(0);
  expect(refused.err).toContain("--trust-relay none");
  expect(await enter(bob, ["--trust-relay", "none"])).toMatchObject({ code: 0 });
  for (const person of [alice, bob]) await until(`${person.name} is in`, () => isJoined(person));
  await acquainted(alice, bob);
  await talk(alice, bob);
  await talk(bob, alice);
});
