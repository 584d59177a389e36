// A clock that jumps, as after sleep or when somebody sets it: under a running daemon, by a day forth and two back.
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { expect, test } from "vitest";
import { acquainted, type Person, Town, until } from "./test-users.ts";
import { ENTRY } from "./program.ts";
import { withWrongClock } from "./wrong-clock.ts";

type History = AnswerData["history"];

const DAY_MS = 24 * 60 * 60 * 1_000;

const texts = async (person: Person): Promise<string[]> =>
  (await person.ask<History>(["history"])).lines.map((line) => line.text);

test("nothing is lost, doubled, out of order or too old because a clock jumped", async () => {
  await using town = new Town();
  const relay = await town.relay();
  const alice = town.person("alice", relay);
  const bob = town.person("bob", relay);
  const clock = withWrongClock(ENTRY, join(town.folder, "wrong-clock"), 0);
  alice.entry = clock.entry;
  for (const person of [alice, bob]) expect((await person.start()).err).toBe("");
  await acquainted(alice, bob);
  expect((await bob.type(["mode", "auto"])).code).toBe(0);

  const told: string[] = [];
  const hear = async (author: Person, reader: Person, text: string): Promise<void> => {
    const said = await author.ask<AnswerData["say"]>(["say", `@${reader.name}`, text]);
    told.push(text);
    await until(`${text} at ${reader.name}`, async () => (await texts(reader)).includes(text));
    const item = await until(`${text} in the inbox`, async () =>
      (await reader.ask<AnswerData["inbox"]>(["inbox"])).find(({ id }) => id === said.id),
    );
    // Bob's agent answers by itself: what counts as too old would have fallen to him.
    expect([text, item.state]).toEqual([text, reader === bob ? "auto" : "open"]);
    const status = await author.ask<AnswerData["status"]>(["status", said.id]);
    expect(`${text}: ${JSON.stringify(status.events)}`).not.toMatch(/too old|expired|minutes old/);
  };
  for (const [when, ms] of [
    ["right", 0],
    ["a day ahead", DAY_MS],
    ["a day behind", -DAY_MS],
    ["right again", 0],
  ] as const) {
    clock.set(ms);
    // The daemon itself lives through the jump; a command sees the same clock.
    await hear(alice, bob, `from alice, ${when}`);
    await hear(bob, alice, `to alice, ${when}`);
  }
  expect(await texts(bob)).toEqual(told);
  expect(await texts(alice)).toEqual(told);
  await alice.type(["stop"]);
  expect((await alice.start()).code).toBe(0);
  expect(await texts(alice)).toEqual(told);
});
