// Auto mode with the real Codex: a mention is told in mid-turn, keeps a turn going at its end, and our own bound ends what
// the client itself would let go on for ever.
import { describe, expect, test } from "vitest";
import { codexTool } from "./codex-people.ts";
import { openCodex, runCodex } from "./codex-session.ts";
import { openMixedCrowd } from "./mixed-network.ts";

const say = (input: Record<string, unknown>) => ({ tool: codexTool("say"), input });

describe("auto mode in Codex", () => {
  test("a mention that comes in mid-turn is told beside the next tool result", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice", {
      rules: [
        {
          when: { user: "long work", firstOfTurn: true },
          times: 1,
          reply: { tool: codexTool("who"), input: {} },
          held: true,
        },
        { when: { fresh: "what is the port" }, times: 1, reply: say({ text: "it is 8080", to: ["bob"] }) },
      ],
    });
    const bob = await crowd.claude("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    const running = runCodex(alice.setup, "long work");
    await alice.model.waitForRequests(1);
    await bob.json("say", "@alice", "what is the port");
    await alice.hears(({ text }) => text === "what is the port");
    await alice.model.release();
    await running;
    const requests = await alice.model.requests();
    expect(requests[1]?.fresh).toContain("what is the port");
    expect(requests[1]?.fresh).toContain("asked of you");
    await bob.hears(({ text }) => text === "it is 8080");
  });

  test("a mention at the end keeps the turn going, is asked once and then waits in the inbox", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice", {
      rules: [{ when: { user: "long work" }, times: 1, reply: "done", held: true }],
    });
    const bob = await crowd.claude("bob");
    await Promise.all([alice.start("--mode", "auto"), bob.start()]);
    const running = runCodex(alice.setup, "long work");
    await alice.model.waitForRequests(1);
    await bob.json("say", "@alice", "anybody there");
    await alice.hears(({ text }) => text === "anybody there");
    await alice.model.release();
    await running;
    const requests = await alice.model.requests();
    expect(requests.map(({ fresh }) => fresh.includes("anybody there"))).toEqual([false, true]);
    expect(requests[1]?.fresh).toMatch(/<hook_prompt [^>]*>Agora room: /);
    await expect
      .poll(() => alice.inbox())
      .toMatchObject([
        { text: "anybody there", state: "open", reason: expect.stringContaining("no answer") as string },
      ]);
  });

  test("a turn is kept going eight times at most, then the rest waits for the person", async () => {
    await using crowd = await openMixedCrowd();
    const alice = await crowd.codex("alice", { rules: [{ when: { user: "." }, reply: "go on", held: true }] });
    const others = [await crowd.claude("bob"), await crowd.claude("carol")];
    await Promise.all([alice.start("--mode", "auto"), ...others.map((one) => one.start())]);
    await using session = await openCodex(alice.setup);
    await session.send("begin");
    for (let turn = 1; turn <= 9; turn += 1) {
      await alice.model.waitForRequests(turn);
      await others[turn % 2]!.json("say", "@alice", `question ${turn}`);
      await alice.hears(({ text }) => text === `question ${turn}`);
      await alice.model.release();
    }
    // By the room's state: since a hook shows the person a line, the screen says "Worked for" before the turn has ended.
    const ninth = async () => (await alice.inbox()).find(({ text }) => text === "question 9");
    await expect.poll(ninth).toMatchObject({ state: "open", reason: "too many automatic turns in a row" });
    expect(await alice.model.requests()).toHaveLength(9);
  });
});
