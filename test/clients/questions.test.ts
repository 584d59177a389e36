// Questions with the real Claude Code: its model asks by the tool, a person answers in a terminal or by a typed command, and
// the model is given the answer.
import { describe, expect, test } from "vitest";
import type { Results } from "@agora/ipc";
import { openClaude } from "./claude-session.ts";
import { NEWEST } from "./installed.ts";
import { allowRoom, openCrowd, type Person, toolName, untilSeats } from "./test-users.ts";
import { until } from "./wait-until.ts";

async function waitingAt(person: Person): Promise<Results["questions"]["waiting"][number]> {
  let waiting: Results["questions"]["waiting"] = [];
  await until(
    "the question",
    async () => {
      ({ waiting } = await person.json<Results["questions"]>("questions"));
      return waiting.length === 1;
    },
    10_000,
  );
  return waiting[0]!;
}

describe.each([NEWEST])("questions in Claude Code %s", (version) => {
  test("the model asks another person, and is given the answer at the next prompt", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { args: allowRoom });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    const form = { text: "Which database?", to: ["bob"], choices: ["Postgres", "SQLite"], minutes: 10 };
    await alice.model.script([
      { when: { fresh: "set it up", firstOfTurn: true }, reply: { tool: toolName("ask"), input: form } },
      { when: { toolResult: "Asked @bob" }, reply: "asked, and going on" },
    ]);
    await using session = await openClaude(alice.setup);
    await untilSeats(alice, ({ reachable }) => reachable);
    await session.send("set it up");
    await session.waitFor(/asked, and going on/);
    const { id, role } = await waitingAt(bob);
    expect(role).toBe("agent");
    await bob.agora("answer", id.slice(0, 8), "SQLite");
    await alice.hears(({ kind, author }) => kind === "answer" && author === "bob");
    await session.send("and now?");
    const requests = await alice.model.waitForRequests(3);
    expect(requests[2]?.fresh).toMatch(
      /bob \(user\)[^\n]*\n<<(room-\w{8})\nThe question "Which database\?" was answered: "SQLite" by @bob \(person\)\n\1>>/,
    );
  });

  test("its own person answers by a typed command, which costs no request: the answer wakes the session", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { args: allowRoom });
    await alice.start();
    const form = { text: "May I push?", choices: ["yes", "no"] };
    await alice.model.script([
      { when: { fresh: "ship it", firstOfTurn: true }, reply: { tool: toolName("ask"), input: form } },
      { when: { toolResult: "Asked @alice" }, reply: "waiting for your word" },
      { when: { fresh: "was answered" }, reply: "pushed" },
    ]);
    await using session = await openClaude(alice.setup);
    await untilSeats(alice, ({ reachable }) => reachable);
    await session.send("ship it");
    await session.waitFor(/waiting for your word/);
    const { id } = await waitingAt(alice);
    await untilSeats(alice, ({ reachable, busy }) => reachable && !busy);
    expect(await alice.model.requests()).toHaveLength(2);
    await session.send(`/agora:answer ${id.slice(0, 8)} yes`);
    await session.waitFor(/answered @alice: "yes"/);
    await session.waitFor(/pushed/);
    const requests = await alice.model.requests();
    expect(requests).toHaveLength(3);
    expect(requests[2]?.fresh).toContain('The question "May I push?" was answered: "yes" by @alice (person)');
    expect(requests[2]?.fresh).not.toContain("/agora:answer");
  });
});
