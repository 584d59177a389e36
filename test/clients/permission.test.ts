// The real Claude Code asks its person whether a tool may run: the room sees that the session waits for a permission, and,
// once the person has decided, that it works on or is idle again.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openClaude } from "./claude-session.ts";
import { NEWEST } from "./installed.ts";
import { openCrowd, type Person } from "./test-users.ts";
import { until } from "./wait-until.ts";

interface Who {
  readonly members: readonly {
    readonly name: string;
    readonly seats: readonly { readonly seat: string; readonly busy: boolean; readonly waiting?: boolean }[];
  }[];
}

const command = "touch made-by-the-model";
const asks = {
  when: { user: "make a file", firstOfTurn: true },
  reply: { tool: "Bash", input: { command, description: "Makes a file" } },
};

/** What a peer sees of alice's session: `idle`, `busy`, `waiting`. */
async function seenBy(peer: Person): Promise<string> {
  const { members } = await peer.json<Who>("who");
  const seat = members.find(({ name }) => name === "alice")?.seats[0];
  return seat?.waiting === true ? "waiting" : seat?.busy === true ? "busy" : "idle";
}

async function untilSeen(peer: Person, state: string): Promise<void> {
  await until(
    `${state} at ${peer.name}`,
    async () => (await seenBy(peer)) === state,
    15_000,
    () => seenBy(peer),
  );
}

describe.each([NEWEST])("a permission in Claude Code %s", (version) => {
  async function openAsked() {
    const crowd = await openCrowd(version);
    const alice = await crowd.person("alice", { rules: [asks] });
    const bob = await crowd.person("bob");
    await Promise.all([alice.start(), bob.start()]);
    const session = await openClaude(alice.setup);
    await session.send("make a file");
    await session.waitFor(/Do you want to proceed/);
    return {
      alice,
      bob,
      session,
      async [Symbol.asyncDispose]() {
        await session[Symbol.asyncDispose]();
        await crowd[Symbol.asyncDispose]();
      },
    };
  }

  test("is seen while it is asked for, and over once it was given", async () => {
    await using asked = await openAsked();
    const { alice, bob, session } = asked;
    await untilSeen(bob, "waiting");
    expect((await bob.agora("who")).stdout).toContain("waits for permission: Bash");
    expect(existsSync(join(alice.project, "made-by-the-model"))).toBe(false);
    await session.key("Enter");
    await session.waitFor(/the tool said/);
    await untilSeen(bob, "idle");
    expect(existsSync(join(alice.project, "made-by-the-model"))).toBe(true);
  });

  // An interrupted turn ends without any hook of the client: what is seen of it holds until the person types again.
  test("is over after a refusal with the next prompt", async () => {
    await using asked = await openAsked();
    const { alice, bob, session } = asked;
    await untilSeen(bob, "waiting");
    await session.key("Escape");
    await session.waitFor(/Interrupted/);
    await session.send("never mind");
    await session.waitFor(/The tool use was rejected/);
    await untilSeen(bob, "idle");
    expect(existsSync(join(alice.project, "made-by-the-model"))).toBe(false);
  });
});
