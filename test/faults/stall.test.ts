// A daemon that stands still, as on a laptop that sleeps or a disk that hangs, while somebody asks it: what it is asked meanwhile
// is either handed on later or not done, and never done behind the back of who was told that nothing answers.
import { setTimeout as sleep } from "node:timers/promises";
import type { AnswerData } from "@agora/commands";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../wait-until.ts";
import { acquainted, type Person, Town } from "../test-users.ts";
import { openSession, type Session } from "../session.ts";

const STILL_MS = 15_000;
let town: Town;
let alice: Person;
let bob: Person;
let session: Session;

beforeEach(async () => {
  town = new Town();
  const relay = await town.relay();
  alice = town.person("alice", relay);
  bob = town.person("bob", relay);
  for (const person of [alice, bob]) {
    const { err } = await person.start();
    if (err !== "") throw new Error(err);
  }
  await acquainted(alice, bob);
  session = await openSession(bob, bob.entry, "s-bob");
  await session.hook("UserPromptSubmit", "good morning");
});
afterEach(async () => {
  await session[Symbol.asyncDispose]();
  await town[Symbol.asyncDispose]();
});

const pidOf = async (person: Person): Promise<number> =>
  (await person.ask<AnswerData["status"]>(["status"])).daemon.pid;
const has = (person: Person, text: string) =>
  until(`${text} at ${person.name}`, async () =>
    (await person.ask<AnswerData["history"]>(["history"])).lines.find((line) => line.text === text),
  );
/** Bob's daemon stands still for a while, in which `meanwhile` happens. */
async function still(meanwhile: () => Promise<void>): Promise<void> {
  const pid = await pidOf(bob);
  process.kill(pid, "SIGSTOP");
  try {
    await Promise.all([meanwhile(), sleep(STILL_MS)]);
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await bob.ask(["whoami"]); // it is back
}

test("what was asked for in a hook of that time is handed over by the next ones, talk and mentions", async () => {
  for (const text of ["one for all", "two for all"]) expect((await alice.type(["say", text])).code).toBe(0);
  expect((await alice.type(["say", "@bob three for you"])).code).toBe(0);
  await has(bob, "three for you");
  let shown = "";
  await still(async () => {
    shown += await session.hook("UserPromptSubmit", "what is new?");
    shown += await session.hook("PostToolUse");
  });
  await until("the next hooks show all of it", async () => {
    for (const event of ["PostToolUse", "Stop", "UserPromptSubmit"]) shown += await session.hook(event, "go on");
    return ["one for all", "two for all", "three for you"].every((text) => shown.includes(text));
  });
});

test("what its asker gave up is not done afterwards: by a terminal, a session, a session that ended", async () => {
  const said: (string | { readonly ok: boolean; readonly text: string })[] = [];
  await still(async () => {
    const other = await openSession(bob, bob.entry, "s-other");
    const asked = [
      bob.type(["say", "from the terminal"]).then((ran) => said.push(`${ran.code} ${ran.err}`)),
      bob.type(["mode", "auto"]).then((ran) => said.push(`${ran.code} ${ran.err}`)),
      session.tool("say", { text: "from the tool" }).then((answer) => said.push(answer)),
    ];
    void other.tool("say", { text: "from one that ends" }).catch(() => undefined);
    await sleep(500);
    await other[Symbol.asyncDispose]();
    await Promise.all(asked);
  });
  expect((await alice.type(["say", "that was all"])).code).toBe(0);
  await has(bob, "that was all");
  const { lines } = await bob.ask<AnswerData["history"]>(["history"]);
  expect(lines.map((line) => line.text)).toEqual(["that was all"]);
  expect((await bob.ask<AnswerData["status"]>(["status"])).mode).toBe("manual");
  for (const answer of said) expect(JSON.stringify(answer)).toMatch(/answer/);
});
