// Several sessions, /clear and resume with the real Claude Code: each mention to one session, nothing twice, nothing lost.
import { describe, expect, test } from "vitest";
import { setTimeout as pause } from "node:timers/promises";
import { NEWEST } from "./installed.ts";
import { openModelService } from "./model-service.ts";
import { allowRoom, openCrowd, openSession, toolName, untilSeats } from "./test-users.ts";

describe.each([NEWEST])("sessions of Claude Code %s", { timeout: 120_000 }, (version) => {
  test("two sessions in one project: one mention, one seat", async () => {
    await using crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { args: allowRoom });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    await using second = await openModelService(crowd.net, `${crowd.path}/second`);
    await using _one = await openSession(alice.setup);
    await using _two = await openSession({ ...alice.setup, model: second });
    const seats = await untilSeats(alice, ({ reachable }) => reachable, 2);
    expect(seats.map(({ seat }) => seat).sort()).toEqual(["claude", "claude.2"]);
    const { thread } = await bob.json<{ thread: string }>("say", "@alice", "who takes it");
    const rules = [
      { when: { toolResult: "." }, reply: "done" },
      { when: { fresh: "who takes it" }, reply: { tool: toolName("say"), input: { text: "me", thread } } },
    ];
    await Promise.all([alice.model.script(rules), second.script(rules)]);
    await bob.hears(({ text }) => text === "me", 30_000);
    await pause(2_000);
    expect((await bob.journal()).filter(({ text }) => text === "me")).toHaveLength(1);
    const asked = [...(await alice.model.requests()), ...(await second.requests())];
    expect(asked).toHaveLength(2);
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
      await using session = await openSession(alice.setup);
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
      await using session = await openSession({ ...alice.setup, args: ["--continue"] });
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
