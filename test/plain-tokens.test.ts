// The relay's own tokens for an operator and an observer, as people use them: a real relay, real daemons on its machine.
import type { AnswerData } from "@agora/commands";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Person, Town, until } from "./test-users.ts";

const town = new Town();
let olga: Person;
let carol: Person;
let bob: Person;

beforeAll(async () => {
  const [operators, observers] = ["the-operators", "the-observers"];
  const tokens = { AGORA_TOKEN: "a-token", AGORA_OPERATOR_TOKEN: operators, AGORA_OBSERVER_TOKEN: observers };
  const relay = await town.relay([], tokens);
  [olga, carol, bob] = [town.person("olga", relay), town.person("carol", relay), town.person("bob", relay)];
  await Promise.all([
    olga.start([], { AGORA_TOKEN: operators }),
    carol.start([], { AGORA_TOKEN: observers }),
    bob.start(),
  ]);
});
afterAll(() => town[Symbol.asyncDispose]());

const refusal = (sentence: string) => ({ code: 1, out: "", err: expect.stringContaining(sentence) as unknown });
const heard = (person: Person, text: string) =>
  until(`"${text}" at ${person.name}`, async () => (await person.type(["history"])).out.includes(text));
const pauses = (isPaused: boolean) =>
  until(`paused: ${isPaused}, at bob`, async () => {
    const { paused } = await bob.ask<AnswerData["controls"]>(["controls"]);
    return (paused !== undefined) === isPaused;
  });

test("everybody sees who came with which", async () => {
  const shown = await until("all at bob", async () => {
    const { out } = await bob.type(["who"]);
    return out.match(/online/g)?.length === 3 && out;
  });
  expect(shown).toMatch(/^ {2}carol: online .* · observer /m);
  expect(shown).toMatch(/^ {2}olga: online .* · operator /m);
  expect(shown).not.toMatch(/^ {2}bob .*(operator|observer)/m);
});

test("the operator's token lets pause and resume; the members' does not [GRANT-6] [CONTROL-2]", async () => {
  expect(await bob.type(["pause"])).toMatchObject(refusal("Only an operator may do that"));
  expect((await olga.type(["pause", "time", "for", "lunch"])).out).toBe("paused the room\n");
  await pauses(true);
  expect((await bob.ask<AnswerData["say"]>(["say", "after lunch"])).state).toBe("queued");
  expect((await olga.type(["resume"])).out).toBe("resumed the room\n");
  await pauses(false);
  await heard(olga, "after lunch");
});

test("the observer's token shows the talk, and lets nothing be said or decided [GRANT-6]", async () => {
  await bob.ask(["say", "who is listening?"]);
  await heard(carol, "who is listening?");
  expect(await carol.type(["say", "I am"])).toMatchObject(
    refusal("You are an observer here: you see the room and say nothing."),
  );
  expect(await carol.type(["pause"])).toMatchObject(refusal("Only an operator may do that"));
});
