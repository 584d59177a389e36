// What was proven of a session's wake ladder outlives its daemon: real processes, a hook, a tool call, kill -9.
import type { AnswerData } from "@agora/commands";
import { expect, test } from "vitest";
import { Town, until } from "./test-users.ts";
import { ENTRY } from "./program.ts";
import { openSession } from "./session.ts";

test("a rung that the model proved is still known when the daemon was killed", async () => {
  await using town = new Town();
  const relay = await town.relay();
  const [alice, bob] = [town.person("alice", relay), town.person("bob", relay)];
  await Promise.all([alice.start(), bob.start()]);
  const status = () => alice.ask<AnswerData["status"]>(["status"]);
  const ladder = async (): Promise<string> => (await alice.type(["doctor"])).out;
  await using session = await openSession(alice, ENTRY, "s-1");
  await session.hook("UserPromptSubmit", "hello");
  await bob.ask(["say", "@alice", "look"]);
  await until("the mention", async () => (await alice.ask<AnswerData["inbox"]>(["inbox"])).length === 1);
  expect(await session.hook("UserPromptSubmit", "what is new?")).toContain("look");
  expect((await status()).rungs).toEqual([]); // handed is not seen
  expect(await ladder()).toContain("told at the next prompt: unproven");
  await session.hook("PostToolUse"); // its model used a tool: it goes on with what it was handed
  const { rungs, daemon } = await status();
  expect(rungs).toMatchObject([{ seat: "claude", rung: "prompt" }]);
  process.kill(daemon.pid, "SIGKILL");
  await until("another daemon", async () => (await status()).daemon.pid !== daemon.pid);
  expect((await status()).rungs).toEqual(rungs);
  await session.hook("UserPromptSubmit", "still there?"); // the session comes back with its next prompt
  expect(await ladder()).toMatch(/told at the next prompt: proven \d+ s ago/);
  expect((await alice.type(["who"])).out).toMatch(/alice\/claude: connected.*; waking unproven/);
});
