// Several sessions, /clear and resume with the real Claude Code: each mention to one session, nothing twice, nothing lost.
import { describe, expect, test } from "vitest";
import { setTimeout as pause } from "node:timers/promises";
import { openClaude } from "./claude-session.ts";
import { NEWEST } from "./installed.ts";
import { openModelService } from "./model-service.ts";
import { allowRoom, openCrowd, toolName, untilSeats } from "./test-users.ts";
import { until } from "./wait-until.ts";

describe.each([NEWEST])("sessions of Claude Code %s", (version) => {
  test("two sessions in one project: one mention, one seat", async () => {
    await using crowd = await openCrowd(version);
    // Before anything is asked: a session may be woken before the command that asks has ended.
    const rules = [
      { when: { toolResult: "." }, reply: "done" },
      {
        when: { fresh: "thread=(\\w+) asked of you\\s+<<\\S+\\s+who takes it" },
        reply: { tool: toolName("say"), input: { text: "me", thread: "$1" } },
      },
    ];
    const alice = await crowd.person("alice", { args: allowRoom, rules });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    await using second = await openModelService(crowd.net, `${crowd.path}/second`, rules);
    await using _one = await openClaude(alice.setup);
    await using _two = await openClaude({ ...alice.setup, model: second });
    const seats = await untilSeats(alice, ({ reachable }) => reachable, 2);
    expect(seats.map(({ seat }) => seat).sort()).toEqual(["claude", "claude.2"]);
    const { thread } = await bob.json<{ thread: string }>("say", "@alice", "who takes it");
    await bob.hears((line) => line.text === "me" && line.thread === thread, 30_000);
    const asked = async () => [...(await alice.model.requests()), ...(await second.requests())];
    await until("the tool's result at the model", async () => (await asked()).length >= 2, 10_000);
    await pause(2_000);
    expect((await bob.journal()).filter(({ text }) => text === "me")).toHaveLength(1);
    expect(await asked()).toHaveLength(2);
  });

  test("/clear and resume: nothing twice, nothing skipped", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice");
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    const tell = async (text: string) => {
      await bob.agora("say", text);
      await alice.hears((line) => line.text === text);
    };
    {
      await using session = await openClaude(alice.setup);
      await session.send("prompt one");
      await session.waitFor(/I read prompt one/);
      await tell("NEWS-1");
      await session.send("prompt two");
      await session.waitFor(/I read prompt two/);
      await session.send("/clear");
      await session.waitGone(/I read prompt/);
      await tell("NEWS-2");
      await session.send("prompt three");
      await session.waitFor(/I read prompt three/);
      await session.exit();
    }
    await tell("NEWS-3");
    {
      await using session = await openClaude({ ...alice.setup, args: ["--continue"] });
      await session.send("prompt four");
      await session.waitFor(/I read prompt four/);
      await tell("NEWS-4");
      await session.send("prompt five");
      await session.waitFor(/I read prompt five/);
    }
    const fresh = (await alice.model.requests()).map((request) => request.fresh.match(/NEWS-\d/g) ?? []);
    expect(fresh).toEqual([[], ["NEWS-1"], ["NEWS-2"], ["NEWS-3"], ["NEWS-4"]]);
    const { seats } = await alice.json<{ seats: { seat: string }[] }>("status");
    expect(seats.map(({ seat }) => seat).filter((seat) => seat !== "claude")).toEqual([]);
  });
});
