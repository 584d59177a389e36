// Claude Code and Codex in one project: one member, one daemon, two seats.
import { describe, expect, test } from "vitest";
import { openClaude } from "./claude-session.ts";
import { openCodex } from "./codex-session.ts";
import { openMixedCrowd } from "./mixed-network.ts";
import { untilSeats } from "./test-users.ts";

describe("several sessions of Codex in one project", () => {
  test("under one background daemon each has its seat, and each is woken for its own", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice");
    const bob = await crowd.claude("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    await using one = await openCodex({ ...alice.setup, daemon: true });
    await one.send("I am one");
    await one.waitFor(/I read I am one/);
    await using two = await openCodex({ ...alice.setup, daemon: true });
    await two.send("I am two");
    await two.waitFor(/I read I am two/);
    const seats = await untilSeats(alice, ({ reachable, busy }) => reachable && !busy, 2);
    expect(seats.map(({ seat }) => seat).sort()).toEqual(["codex", "codex.2"]);
    await bob.json("say", "@alice/codex.2", "for the second");
    await two.waitFor(/Agora: 1 message from bob/, 30_000);
    await alice.model.waitForRequests(3);
    const asked = (await alice.model.requests()).filter(({ fresh }) => fresh.includes("for the second"));
    expect(asked).toHaveLength(1);
    expect(asked[0]?.text).toContain("I am two");
    expect(await one.screen()).not.toMatch(/Agora: 1 message/);
  });

  test("a resumed session keeps its seat", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice");
    await alice.start();
    {
      await using session = await openCodex(alice.setup);
      await session.send("first");
      await session.waitFor(/I read first/);
      await session.exit();
    }
    await using session = await openCodex({ ...alice.setup, args: ["resume", "--last"] });
    await session.send("second");
    await session.waitFor(/I read second/);
    const [seat] = await untilSeats(alice, ({ connected }) => connected);
    expect(seat?.seat).toBe("codex");
    // The primer is told once.
    const [, second] = await alice.model.requests();
    expect(second?.text.split("this session is @alice/codex")).toHaveLength(2);
  });
});

describe("two clients in one project", () => {
  test("a mention to one seat reaches that one alone; both share inbox and history", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.claude("alice");
    const codex = await crowd.codex("alice", { beside: alice });
    const bob = await crowd.claude("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    await using inClaude = await openClaude(alice.setup);
    await inClaude.send("good morning claude");
    await inClaude.waitFor(/I read good morning/);
    await using inCodex = await openCodex(codex.setup);
    await inCodex.send("good morning codex");
    await inCodex.waitFor(/I read good morning/);
    const seats = await untilSeats(alice, ({ connected, reachable, busy }) => connected && reachable && !busy, 2);
    expect(seats.map(({ seat }) => seat).sort()).toEqual(["claude", "codex"]);
    await bob.json("say", "@alice/codex", "for codex alone");
    await codex.model.waitForRequests(2, 30_000);
    expect((await codex.model.requests())[1]?.fresh).toContain("for codex alone");
    await bob.json("say", "@alice/claude", "for claude alone");
    await alice.model.waitForRequests(2, 30_000);
    expect((await alice.model.requests())[1]?.fresh).toContain("for claude alone");
    const asked = async (model: typeof alice.model, text: string) =>
      (await model.requests()).filter(({ fresh }) => fresh.includes(text) && fresh.includes("asked of you")).length;
    expect(await asked(alice.model, "for codex alone")).toBe(0);
    expect(await asked(codex.model, "for claude alone")).toBe(0);
    const { daemon } = await alice.json<{ daemon: { pid: number } }>("status");
    expect((await codex.json<{ daemon: { pid: number } }>("status")).daemon.pid).toBe(daemon.pid);
    // Both turns are over: what nobody answered waits in the one inbox.
    await untilSeats(alice, ({ connected, reachable, busy }) => connected && reachable && !busy, 2);
    const waiting = ["for codex alone", "for claude alone"];
    for (const who of [alice, codex])
      await expect.poll(async () => (await who.inbox()).map(({ text }) => text)).toEqual(waiting);
  });
});
