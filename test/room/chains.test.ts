// Two automatic agents that would answer for ever: they stop at the budget, one person is asked once, and "more" lets them go on.
import { afterEach, beforeEach, expect, test } from "vitest";
import { more } from "../../packages/member/src/chains/requests.ts";
import { accept, inbox } from "../../packages/member/src/messages/inbox.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import type { Relay } from "@agora/relay";
import { ipcSession, makePlace, type Member, must, openRelay, type Place, request, until } from "./fixture.ts";

const BUDGET = 6;
let relay: Relay;
let places: Place[];
let members: Member[];
let agents: { end: () => void }[];

beforeEach(async () => {
  relay = await openRelay();
  places = ["alice", "bob", "carol"].map((name) => makePlace(name));
  members = [];
  for (const place of places)
    members.push(await place.open(relay.port, { mode: "auto", hopLimit: 100, chainBudget: BUDGET }));
  agents = [];
  for (const { room } of members) await until("all are here", () => room.members.online().length === 3);
});
afterEach(async () => {
  for (const agent of agents) agent.end();
  for (const member of members) await member[Symbol.asyncDispose]();
  await relay.close();
  for (const place of places) place.remove();
});

/** An agent that answers whatever wakes it, always to `peer`, for ever. */
function answering(member: Member, peer: string, text: (n: number) => string): { readonly turns: () => number } {
  const ipc = ipcSession(member.room.me);
  const { seats } = member.room;
  const seat = seats.attach(ipc, "claude", `s-${member.room.me}`).seat;
  let turns = 0;
  agents.push(ipc);
  void (async () => {
    for (;;) {
      const wake = await seats.awaitWake(ipc, `s-${member.room.me}`);
      if (!wake.wake) return;
      const { items } = seats.prompt(seat, false);
      if (items.length > 0) {
        turns += 1;
        const thread = items.at(-1)!.line.thread;
        await say(member.room, { via: "tool", text: text(turns), to: [peer], thread }, member.store.state.seats[seat]);
      }
      seats.turnEnd(seat);
    }
  })();
  return { turns: () => turns };
}
const cards = (member: Member) => inbox(member.room, { via: "cli" }).items.filter((item) => item.kind === "card");
const held = (member: Member) =>
  Object.values(member.store.state.inbox).filter((i) => i.reason?.startsWith("chain budget"));

test("a chain stops at its budget everywhere; who began it is asked once; more lets it go on; no ends it [CHAIN-3] [CHAIN-4]", async () => {
  const [alice, bob, carol] = members as [Member, Member, Member];
  const [atBob, atCarol] = [answering(bob, "carol", (n) => `bob ${n}`), answering(carol, "bob", (n) => `carol ${n}`)];
  const asked = must(await say(alice.room, { via: "cli", text: "sort it out with carol", to: ["bob"] }, undefined));
  await until("it stopped", () => held(bob).length + held(carol).length === 1);
  expect(atBob.turns() + atCarol.turns()).toBe(BUDGET);
  const [card] = await until("the card", () => (cards(alice).length === 1 ? cards(alice) : undefined));
  expect(card).toMatchObject({ thread: asked.thread, card: { chain: asked.id, turns: BUDGET, limit: BUDGET } });
  expect(card!.card!.pattern).toBe("@bob and @carol answer each other");
  expect(card!.text).toContain('"sort it out with carol"');
  expect([...cards(bob), ...cards(carol)]).toEqual([]);
  // Who is in it stands above all others in what an operator looks at, with how far it is.
  const { seats, pairs } = must(await request(bob, "activity", { via: "cli" }));
  expect(seats.slice(0, 2).map(({ member, seat }) => `${member}/${seat}`)).toEqual(["bob/claude", "carol/claude"]);
  expect(seats.map(({ loop }) => loop)).toEqual([card!.card!.pattern, card!.card!.pattern, undefined]);
  expect(seats[0]).toMatchObject({
    turns: { m5: atBob.turns() },
    chain: { turns: BUDGET, limit: BUDGET, stopped: true },
  });
  expect(pairs).toContainEqual(expect.objectContaining({ from: "carol", to: "bob" }));
  // Who only was asked about it sees who asked, and in which loop it is.
  const [first] = must(await request(alice, "activity", { via: "cli" })).seats;
  expect(first).toMatchObject({ loop: card!.card!.pattern, chain: { turns: BUDGET, stopped: true } });
  expect(await request(bob, "activity", { via: "tool" })).toMatchObject({ ok: false, code: "not-allowed" });
  // It is for the person alone, and no request.
  expect(inbox(alice.room, { via: "tool" }).items).toEqual([]);
  expect(accept(alice.room, { via: "cli", thread: card!.thread }, undefined)).toMatchObject({ ok: false });
  for (const via of ["tool", "shell"] as const)
    expect(await request(alice, "more", { via, thread: card!.thread })).toMatchObject({
      ok: false,
      code: "not-allowed",
    });

  expect(must(await more(alice.room, { via: "cli", thread: card!.thread, turns: 4 })).limit).toBe(BUDGET + 4);
  expect(cards(alice)).toEqual([]);
  await until(
    "it went on and stopped",
    () => atBob.turns() + atCarol.turns() === BUDGET + 4 && held(bob).length + held(carol).length === 1,
  );
  const [second] = await until("another card", () => (cards(alice).length === 1 ? cards(alice) : undefined));
  must(await reject(alice.room, { via: "cli", thread: second!.thread }, undefined));
  expect(cards(alice)).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(atBob.turns() + atCarol.turns()).toBe(BUDGET + 4);
  for (const member of [bob, carol])
    expect(member.room.chains.list()[0]).toMatchObject({ chain: asked.id, stopped: true });
});

test("the same text again and again is named; an agent's word gives a chain nothing", async () => {
  const [alice, bob] = members as [Member, Member, Member];
  answering(alice, "bob", () => "thanks!");
  answering(bob, "alice", () => "thanks!");
  const asked = must(await say(alice.room, { via: "cli", text: "hello", to: ["bob"] }, undefined));
  const [card] = await until("the card", () => (cards(alice).length > 0 ? cards(alice) : undefined));
  expect(card!.card!.pattern).toMatch(/^the same text came \d times$/);
  const forged = bob.room.events.make({
    role: "agent",
    kind: "budget",
    to: [],
    body: JSON.stringify({ chain: asked.id, turns: 50 }),
    media: "application/agora-budget+json",
  });
  must(await bob.room.outbox.queue(forged, [], ""));
  await until("alice has it", () =>
    [...alice.store.history.back()].some(({ value }) => "id" in value && value.id === forged.head.id),
  );
  expect(alice.room.chains.state(asked.id)).toMatchObject({ limit: BUDGET, stopped: true });
});
