// What the environment may say to `start`, one by one; and the first start of all, which leaves settings to fill in.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AnswerData } from "@agora/commands";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acquainted, type Person, type TestRelay, Town, until } from "./test-users.ts";

type Status = AnswerData["status"];

let town: Town;
let relay: TestRelay;
beforeAll(async () => {
  town = new Town();
  relay = await town.relay();
});
afterAll(() => town[Symbol.asyncDispose]());

/** Somebody who joined with nothing but words of the environment. */
async function joined(project: string, env: Readonly<Record<string, string>>): Promise<Person> {
  const person = town.person(project, undefined);
  const ran = await person.type(["start"], { AGORA_RELAY_URL: relay.url, AGORA_TOKEN: relay.token, ...env });
  expect(ran.err).toBe("");
  return person;
}

test("AGORA_RELAY_URL and AGORA_TOKEN are enough, the name is then the folder's", async () => {
  const person = await joined("my-shop", {});
  expect((await person.ask<Status>(["status"])).connection).toMatchObject({
    state: "joined",
    name: "my-shop",
    room: "lobby",
  });
});

test("AGORA_NAME, AGORA_ROOM, AGORA_MODE, AGORA_HOP_LIMIT", async () => {
  const person = await joined("elsewhere", {
    AGORA_NAME: "carol",
    AGORA_ROOM: "den",
    AGORA_MODE: "auto",
    AGORA_HOP_LIMIT: "7",
  });
  const status = await person.ask<Status>(["status"]);
  expect(status).toMatchObject({ connection: { name: "carol", room: "den" }, mode: "auto", hopLimit: 7 });
});

test("AGORA_CHAIN_BUDGET is kept from the start on; an agent's environment can't raise it", async () => {
  const person = await joined("budgeted", { AGORA_CHAIN_BUDGET: "5" });
  const budget = () =>
    (JSON.parse(readFileSync(join(person.home, "registry.json"), "utf8")) as { projects: { chainBudget?: number }[] })
      .projects[0]?.chainBudget;
  expect(budget()).toBe(5);
  await person.type(["start"], { AGORA_CHAIN_BUDGET: "500", CLAUDECODE: "1" });
  expect(budget()).toBe(5);
  const refused = await person.type(["start"], { AGORA_CHAIN_BUDGET: "many" });
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("AGORA_CHAIN_BUDGET") as unknown });
});

test("AGORA_MAX_FILE: nothing larger leaves", async () => {
  const person = await joined("bounded", { AGORA_MAX_FILE: "1000" });
  writeFileSync(join(person.project, "small.bin"), Buffer.alloc(1_000));
  writeFileSync(join(person.project, "large.bin"), Buffer.alloc(1_001));
  expect((await person.type(["say", "--file", "small.bin"])).code).toBe(0);
  expect(await person.type(["say", "--file", "large.bin"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("AGORA_MAX_FILE"),
  });
});

test("AGORA_MAX_PAYLOAD: a low one makes nobody deaf to what the relay lets through", async () => {
  const author = await joined("author", {});
  const reader = await joined("reader", { AGORA_MAX_PAYLOAD: "65536" });
  await acquainted(author, reader);
  for (const text of ["x".repeat(70_000), "after"]) {
    const said = await author.ask<AnswerData["say"]>(["say", "@reader", text]);
    const item = await until("it arrives", async () =>
      (await reader.ask<AnswerData["inbox"]>(["inbox"])).find(({ id }) => id === said.id),
    );
    expect(item.text).toBe(text);
  }
});

test("a first start without settings writes them, private, says what is missing, and works once that is filled in", async () => {
  const person = town.person("dora", undefined);
  const refused = await person.type(["start", "-n", "dora"]);
  expect(refused).toMatchObject({ code: 1, out: "" });
  const path = join(person.home, "settings.json");
  expect(refused.err).toContain(path);
  expect(refused.err).toMatch(/relayUrl and token still to fill in/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const example = readFileSync(path, "utf8");
  expect(example).toMatch(/^ {2}"defaultName": "dora",$/m);
  const filled = example
    .replace(/\/\/ "relayUrl": .*/, `"relayUrl": ${JSON.stringify(relay.url)},`)
    .replace(/\/\/ "token": .*/, `"token": ${JSON.stringify(relay.token)},`);
  writeFileSync(path, filled);
  expect(await person.type(["start"])).toMatchObject({
    code: 0,
    err: "",
    out: expect.stringMatching(/^joined as dora \(mode=manual\), online: /),
  });
  expect(readFileSync(path, "utf8")).toBe(filled);
  // The second start tells nothing about settings any more: who joined, and which folder.
  expect((await person.type(["start"])).out.trimEnd().split("\n")).toEqual([
    expect.stringMatching(/^joined as dora /),
    `The project is ${person.project}`,
  ]);
});
