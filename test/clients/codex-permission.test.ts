// The real Codex asks its person whether a command may run: the room sees that the session waits for a permission, and, once
// the person has decided, that it works on or is idle. A turn that the person breaks off is over for the room at once.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CODEX_NEWEST } from "./codex-installed.ts";
import type { CodexInstallWay } from "./codex-people.ts";
import { openCodex } from "./codex-session.ts";
import type { Rule } from "./model-script.ts";
import { openMixedCrowd } from "./mixed-network.ts";
import type { Person } from "./test-users.ts";
import { until } from "./wait-until.ts";

interface Who {
  readonly members: readonly {
    readonly name: string;
    readonly seats: readonly { readonly seat: string; readonly busy: boolean; readonly waiting?: boolean }[];
  }[];
}

const asks = (cmd: string) => ({
  tool: "exec_command",
  input: { cmd, sandbox_permissions: "require_escalated", justification: "May I make a file?" },
});
const rules: readonly Rule[] = [
  { when: { user: "make a file", firstOfTurn: true }, reply: asks("touch made-by-the-model") },
  { when: { toolResult: "." }, reply: "done with it", held: true },
  { when: { user: "think long", firstOfTurn: true }, reply: "thought", held: true },
];

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

async function openAlice(way: CodexInstallWay) {
  await using stack = new AsyncDisposableStack();
  const crowd = stack.use(await openMixedCrowd());
  const alice = await crowd.codex("alice", { way, rules });
  const bob = await crowd.claude("bob");
  await Promise.all([alice.start(), bob.start()]);
  const session = stack.use(await openCodex(alice.setup));
  const owned = stack.move();
  return { alice, bob, session, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const made = (project: string): boolean => existsSync(join(project, "made-by-the-model"));

describe.each(["plugin", "installer"] as const)(`a permission in Codex ${CODEX_NEWEST} with the %s`, (way) => {
  test("is seen while it is asked for; after a yes the session is busy, then idle", async () => {
    await using opened = await openAlice(way);
    const { alice, bob, session } = opened;
    await session.send("make a file");
    await session.waitFor(/Would you like to run the following command/);
    await untilSeen(bob, "waiting");
    expect((await bob.agora("who")).stdout).toContain("waits for a permission");
    expect(made(alice.project)).toBe(false);
    await session.key("y");
    await untilSeen(bob, "busy");
    await alice.model.release();
    await session.waitFor(/done with it/);
    await untilSeen(bob, "idle");
    expect(made(alice.project)).toBe(true);
    expect(await session.screen()).not.toMatch(/hook[^\n]*(failed|invalid|error)/i);
  });

  test("is over at once after a refusal", async () => {
    await using opened = await openAlice(way);
    const { alice, bob, session } = opened;
    await session.send("make a file");
    await session.waitFor(/Would you like to run the following command/);
    await untilSeen(bob, "waiting");
    await session.key("Escape");
    await session.waitFor(/Conversation interrupted/);
    await untilSeen(bob, "idle");
    expect(made(alice.project)).toBe(false);
  });
});

test("a turn that the person breaks off is over for the room at once", async () => {
  await using opened = await openAlice("plugin");
  const { bob, session } = opened;
  await session.send("think long");
  await untilSeen(bob, "busy");
  await session.key("Escape");
  await session.waitFor(/Conversation interrupted/);
  await untilSeen(bob, "idle");
});
