// Questions with the real executable: a session's tool asks, people answer in a terminal or by a typed command, and the
// session is told; what an agent's shell may not, what `watch` shows, the owner who is escalated to.
import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AnswerData } from "@agora/commands";
import type { Results } from "@agora/ipc";
import { acquainted, type Person, Town, until } from "./test-users.ts";
import { openSession, type Session } from "./session.ts";

let town: Town;
let alice: Person;
let bob: Person;
let session: Session;

beforeAll(async () => {
  town = new Town();
  const relay = await town.relay();
  alice = town.person("alice", relay);
  bob = town.person("bob", relay);
  await alice.start();
  await bob.start();
  await acquainted(alice, bob);
  session = await openSession(alice, alice.entry, "s-alice");
  await session.hook("UserPromptSubmit", "a long task");
});
afterAll(async () => {
  await session?.[Symbol.asyncDispose]();
  await town?.[Symbol.asyncDispose]();
});

const waiting = async (person: Person) => (await person.ask<Results["questions"]>(["questions"])).waiting;
const arrives = (person: Person, text: string) =>
  until(`"${text}" at ${person.name}`, async () => (await waiting(person)).find((one) => one.text.includes(text)));
const told = (text: string) =>
  until(`"${text}" in the session`, async () => {
    const heard = await session.hook("PostToolUse", "go on");
    return heard.includes(text) && heard;
  });

test("the tool asks another, who answers in a terminal; the session is told mid-turn", async () => {
  const args = { text: "Which database?", to: ["bob"], choices: ["Postgres", "SQLite"], minutes: 10 };
  expect((await session.tool("ask", args)).text).toContain("Asked @bob");
  const { id } = await arrives(bob, "Which database?");
  const listed = await bob.type(["questions"]);
  expect(listed.out).toMatch(/waiting for you[^]*alice\/claude \(agent\)[^]*1 Postgres[^]*2 SQLite[^]*agora answer/);
  expect((await bob.type(["inbox"])).out).toContain(`agora answer ${id.slice(0, 8)}`);
  const wrong = await bob.type(["answer", id.slice(0, 8), "MySQL"]);
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.err).toContain("Pick by number or label: 1 Postgres · 2 SQLite");
  const answer = await bob.ask<AnswerData["answer"]>(["answer", id.slice(0, 8), "2"]);
  expect(answer).toMatchObject({ words: '"SQLite"', question: { state: "answered" } });
  expect(await told("was answered")).toContain('answered: \\"SQLite\\" by @bob (person)');
});

test("the own person answers by a typed command, without the model", async () => {
  expect((await session.tool("ask", { text: "May I push?", choices: ["yes", "no"] })).ok).toBe(true);
  const { id } = await arrives(alice, "May I push?");
  const typed = JSON.parse(await session.hook("UserPromptSubmit", `/agora:answer ${id.slice(0, 8)} yes`)) as object;
  expect(typed).toMatchObject({
    decision: "block",
    reason: expect.stringContaining('answered @alice: "yes"') as string,
  });
  expect(await told("May I push?")).toContain('answered: \\"yes\\" by @alice (person)');
});

test("the tool waits for the answer, and has it as its result", async () => {
  const asked = session.tool("ask", { text: "Go on?", to: ["bob"], wait: 50 });
  const { id } = await arrives(bob, "Go on?");
  await bob.type(["answer", id, "yes,", "please"]);
  expect((await asked).text).toMatch(
    /<<(room-\w{8})\nThe question "Go on\?" was answered: "yes, please" by @bob \(person\)\n\1>>/,
  );
  expect(await session.hook("PostToolUse", "go on")).not.toContain("Go on?");
});

test("an agent's shell asks, and answers nothing; watch shows what is asked", async () => {
  const lines: string[] = [];
  const env = { PATH: process.env["PATH"] ?? "", HOME: bob.home, AGORA_HOME: bob.home };
  const watch = spawn(process.execPath, [bob.entry, "watch"], {
    cwd: bob.project,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  watch.stdout.setEncoding("utf8").on("data", (text: string) => lines.push(text));
  try {
    await until("it watches", async () => {
      await alice.type(["say", "are you there?"]);
      return lines.join("").includes("are you there?");
    });
    const shell = { CLAUDECODE: "1" };
    const asked = await alice.type(["ask", "@bob", "--choice", "a", "--choice", "b", "A or b?"], shell);
    expect(asked).toMatchObject({ code: 0 });
    const { id, role } = await arrives(bob, "A or b?");
    expect(role).toBe("agent");
    await until("it is shown", async () => lines.join("").includes(`[question ${id.slice(0, 8)} to you]`));
    const refused = await bob.type(["answer", id, "a"], shell);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toContain("belongs to the person");
    expect((await waiting(bob)).map((one) => one.id)).toContain(id);
    await alice.ask(["questions", "--withdraw", id.slice(0, 8)]);
    await until("it is taken back", async () => (await waiting(bob)).every((one) => one.id !== id));
  } finally {
    watch.kill();
  }
});

test("escalate goes to the own person; a person who asks nobody is told so", async () => {
  const urgent = await alice.type(["escalate", "--timeout", "30s", "--otherwise", "I stop", "I am stuck"], {
    CLAUDECODE: "1",
  });
  expect(urgent).toMatchObject({ code: 0 });
  expect(await arrives(alice, "I am stuck")).toMatchObject({ urgent: true, otherwise: "I stop", to: ["alice"] });
  expect((await alice.type(["ask", "Who am I?"])).err).toContain("You would ask yourself");
  expect(await told("I am stuck")).toContain("You said what you would do then: I stop");
});

test("decisions stand in one list, whoever was asked", async () => {
  await bob.ask(["decide", "No releases on Fridays"]);
  const list = await until("all at alice", async () => {
    const { decisions } = await alice.ask<Results["decisions"]>(["decisions"]);
    const isThere = decisions.some(({ title }) => title === "No releases on Fridays");
    return isThere && decisions.length >= 4 && decisions;
  });
  expect(list[0]).toMatchObject({ by: "bob", title: "No releases on Fridays" });
  expect(list.map(({ title }) => title)).toContain('"SQLite"');
  expect((await alice.type(["decisions", "--limit", "1"])).out).toContain("there are more");
});
