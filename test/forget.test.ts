// `agora forget`: a project off the list, with its daemon; a member off the known ones, when nobody needs it.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acquainted, type TestRelay, Town, until } from "./test-users.ts";

let town: Town;
let relay: TestRelay;
beforeAll(async () => {
  town = new Town();
  relay = await town.relay();
});
afterAll(() => town[Symbol.asyncDispose]());

test("a project goes off the list, and its daemon ends; its folder stays, and comes back as the same member", async () => {
  const ann = town.person("ann", relay);
  await ann.start();
  const { key } = await ann.ask<{ key: string }>(["whoami"]);
  const { pid } = (await ann.ask<{ daemon: { pid: number } }>(["status"])).daemon;
  expect(await ann.type(["forget"], { CLAUDECODE: "1" })).toMatchObject({ code: 1 });
  const done = await ann.type(["forget"]);
  expect(done).toMatchObject({ code: 0, err: "" });
  expect(done.out).toContain(`forgot ${ann.project}: it was ann in lobby`);
  await until("its daemon ended", async () => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
  expect((await ann.type(["who"])).code).toBe(1);
  expect(existsSync(join(ann.project, ".agora"))).toBe(true);
  const again = await ann.type(["forget", ann.project]);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining("not on the list") as unknown });
  await ann.start();
  expect((await ann.ask<{ key: string }>(["whoami"])).key).toBe(key);
});

test("a project whose folder is gone can be named by its path", async () => {
  const bob = town.person("bob", relay);
  await bob.start();
  await bob.type(["stop"]);
  rmSync(bob.project, { recursive: true });
  const elsewhere = town.person("bob-elsewhere", relay, { home: bob.home });
  const done = await elsewhere.type(["forget", bob.project, "--json"]);
  mkdirSync(bob.project); // the town ends every person in their folder
  expect(JSON.parse(done.out)).toMatchObject({ forgotten: "project", path: bob.project, name: "bob" });
});

test("a member is forgotten when it is away and nothing waits; until then the reason is told", async () => {
  const dan = town.person("dan", relay);
  const eve = town.person("eve", relay);
  await dan.start();
  await eve.start();
  await eve.ask(["say", "@dan", "a word"]);
  const names = async () => (await dan.ask<{ members: { name: string }[] }>(["who"])).members.map(({ name }) => name);
  await acquainted(dan, eve);
  const item = await until("it waits", async () => (await dan.ask<{ thread: string }[]>(["inbox"]))[0]);
  expect((await dan.type(["forget", "@eve"])).err).toMatch(/not forgotten: it is in the room now/);
  await eve.type(["stop"]);
  await until("eve is away", async () => (await dan.type(["forget", "@eve"])).err.includes("waits for you"));
  expect((await dan.type(["reject", item.thread, "no"])).code).toBe(0);
  await until("its refusal waits for eve", async () =>
    (await dan.type(["forget", "@eve"])).err.includes("still waits for it"),
  );
  await eve.start();
  await until("eve has it", async () => (await eve.ask<unknown[]>(["inbox"])).length > 0);
  await eve.type(["stop"]);
  await until("eve is forgotten", async () => (await dan.type(["forget", "@eve"])).code === 0);
  await until("who no longer shows it", async () => !(await names()).includes("eve"));
  expect(await dan.type(["forget", "@eve"])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/No member eve/) as unknown,
  });
  expect(await dan.type(["forget", "@dan"])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/is you/) as unknown,
  });
});
