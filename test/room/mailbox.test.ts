// The mailbox as requests: who is given what, and what the authors hear of it.
import type { Handlers } from "@agora/ipc";
import { createHandlers } from "@agora/member";
import { expect, test } from "vitest";
import { ipcSession, makePlace, type Member, must, openRelay, request, until } from "./fixture.ts";

function handlersOf({ room }: Member): Handlers {
  const leave = (): Promise<void> => Promise.resolve();
  return createHandlers({ room: () => Promise.resolve(room), version: "test", startedAt: 0, leave });
}

test("an agent that has read its mail confirms its own, not what waits for the person alone", async () => {
  const relay = await openRelay();
  const [a, b] = [makePlace("alice"), makePlace("bob")];
  const alice = await a.open(relay.port);
  const bob = await b.open(relay.port, { mode: "auto" });
  try {
    await until("both are here", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
    const ask = handlersOf(bob);
    const session = ipcSession("1");
    const follower = ipcSession("2");
    must(await ask.follow({}, follower));
    const say = async (to: string): Promise<string> =>
      must(await request(alice, "say", { via: "cli", text: `for ${to}`, to: [to] })).id;
    const [agents, persons] = [await say("bob"), await say("bob/person")];
    const state = (id: string): string | undefined => alice.store.state.outbox[id]?.recipients["bob"]?.state;
    await until("bob has both", () => Object.keys(bob.store.state.inbox).length === 2);
    expect(follower.pushes).toContainEqual({ push: "inbox" });
    expect(follower.pushes).toContainEqual({ push: "grown", end: bob.store.history.end });

    // Looking attaches nobody, and gives nothing.
    const look = { via: "tool", after: 0, limit: 10, seat: "rest" } as const;
    const looked = must(await ask.mail(look, ipcSession("3")));
    expect(looked).toMatchObject({ items: [{ line: { id: agents }, again: false }], due: 1, unread: 1, more: false });
    expect(bob.room.seats.facts()).toEqual([]);
    expect(must(await ask.mail({ ...look, via: "cli" }, ipcSession("3"))).items.map((i) => i.line.id)).toEqual([
      agents,
      persons,
    ]);
    expect(await ask.taken({ positions: [0] }, ipcSession("3"))).toMatchObject({ ok: false, code: "bad-request" });

    must(await ask.attach({ client: "rest", session: "rest", pid: process.pid }, session));
    must(await ask.taken({ positions: looked.items.map(({ position }) => position) }, session));
    await until("alice hears that it was handed", () => state(agents) === "handed");
    const { end, lines } = must(await ask.lines({ via: "tool", after: 0, limit: 10 }, session));
    expect(lines.map(({ line }) => line.id)).toEqual([agents]);
    must(await ask.acknowledge({ via: "tool", before: end }, session));
    await until("alice hears that it was seen", () => state(agents) === "seen");
    expect(bob.store.state.inbox[persons]?.seen).toBeUndefined();
    must(await ask.acknowledge({ via: "console", before: end }, session));
    await until("the person has seen theirs", () => state(persons) === "seen");
  } finally {
    await alice[Symbol.asyncDispose]();
    await bob[Symbol.asyncDispose]();
    await relay.close();
    for (const place of [a, b]) place.remove();
  }
});
