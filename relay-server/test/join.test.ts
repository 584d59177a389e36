// [JOIN-*], [GRANT-*], [PRESENCE-*], [LIVE-*]: entering a room, being in it, and leaving it.
import { manualClock } from "@agora/ports/testing";
import { HEARTBEAT_MS, REPLACE_PING_MS } from "@agora/protocol";
import { expect, test } from "vitest";
import { DEFAULT_RELAY_CONFIG } from "../src/config.ts";
import { openRelay, RawMember, textOf, TOKEN } from "./raw-member.ts";

test("a joiner is told who is here, and the others of the joiner [JOIN-3] [PRESENCE-2]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" }, { facts: { kind: "person", branch: "main" } });
  expect(alice.entered).toMatchObject({ name: "alice", grant: "member", gap: false, controls: [] });
  using bob = await RawMember.join(relay, { name: "bob" });
  expect(bob.entered.members).toMatchObject([
    { name: "alice", key: alice.pair.key, online: true, grant: "member", facts: { branch: "main" } },
    { name: "bob", key: bob.pair.key },
  ]);
  await alice.sees("bob", true);
  bob.send({ type: "leave", room: "lobby" });
  await alice.sees("bob", false);
  bob.post(bob.seal("too late"));
  expect((await bob.next("refused")).code).toBe("not-joined");
});

test("presence is the last value, told to all, coalesced [PRESENCE-1] [PRESENCE-2]", async () => {
  const clock = manualClock();
  await using relay = await openRelay({}, { clock });
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  clock.advance(100);
  await alice.sees("bob", true);
  for (const status of ["a", "b", "c"]) bob.send({ type: "presence", room: "lobby", facts: { status } });
  await bob.settled();
  alice.frames.length = 0;
  clock.advance(100);
  const told = await alice.next("presence");
  expect(told.members).toMatchObject([{ name: "bob", online: true, facts: { status: "c" } }]);
});

test.each([
  ["no token", undefined],
  ["a wrong token", "nonsense"],
  ["a token that looks like a grant", "a.b.c"],
])("with %s nobody enters [JOIN-2]", async (_what, token) => {
  await using relay = await openRelay();
  using alice = await RawMember.open(relay, { name: "alice" });
  alice.send({ type: "join", room: "lobby", token });
  const end = await alice.closed;
  expect(end.code).toBe(1008);
  expect(end.reason).toMatch(/token/);
});

test("a failing join leaves the other rooms alone [JOIN-9]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  alice.send({ type: "join", room: "other", token: "wrong" });
  expect(await alice.next("refused")).toMatchObject({ room: "other", code: "bad-token" });
  expect((await alice.say("still here")).type).toBe("stamped");
  alice.send({ type: "join", room: "lobby", token: TOKEN });
  expect(await alice.next("refused")).toMatchObject({ room: "lobby", code: "forbidden" });
});

test("one connection may be in several rooms, which do not hear of each other", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  await alice.enter({ room: "other" });
  using bob = await RawMember.join(relay, { name: "bob" }, { room: "other" });
  await alice.say("to the lobby");
  await alice.say("to the other", { room: "other" });
  const event = await bob.next("event");
  expect([event.room, textOf(event)]).toEqual(["other", "to the other"]);
});

test("a name belongs to one key at a time [JOIN-4]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using other = await RawMember.open(relay, { name: "alice" });
  other.send({ type: "join", room: "lobby", token: TOKEN });
  expect((await other.closed).code).toBe(4009);
  alice.send({ type: "leave", room: "lobby" });
  await alice.settled();
  using third = await RawMember.join(relay, { name: "alice" });
  expect(third.entered.name).toBe("alice");
});

test("the same key again: a living older one stays, a dead one is replaced [JOIN-5]", async () => {
  const clock = manualClock();
  await using relay = await openRelay({}, { clock });
  using older = await RawMember.join(relay, { name: "alice" });
  using newer = await RawMember.open(relay, { name: "alice", pair: older.pair });
  newer.send({ type: "join", room: "lobby", token: TOKEN });
  expect((await newer.closed).code).toBe(4009);

  older.socket.pause(); // it does not read any more, so it answers no ping
  using third = await RawMember.open(relay, { name: "alice", pair: older.pair });
  third.send({ type: "join", room: "lobby", token: TOKEN });
  using watcher = await RawMember.join(relay, { name: "bob" });
  // The third's join was read before bob's, so its ping is out; the time for an answer is over now.
  clock.advance(REPLACE_PING_MS);
  expect((await third.next("joined")).name).toBe("alice");
  older.socket.resume();
  expect((await older.closed).code).toBe(4004);
  expect((await third.say("me")).type).toBe("stamped");
  expect(textOf(await watcher.next("event"))).toBe("me");
});

test("what an older connection sent before it was given up is no answer to the ping [JOIN-5]", async () => {
  const clock = manualClock();
  await using relay = await openRelay({}, { clock });
  using older = await RawMember.join(relay, { name: "alice" });
  older.socket.pause();
  using newer = await RawMember.open(relay, { name: "alice", pair: older.pair });
  newer.send({ type: "join", room: "lobby", token: TOKEN });
  using watcher = await RawMember.join(relay, { name: "bob" });
  older.post(older.seal("on its way for long")); // the ping is out
  await watcher.next("event");
  clock.advance(REPLACE_PING_MS);
  expect((await newer.next("joined")).name).toBe("alice");
});

test("a full room and too many rooms are told as such [JOIN-7] [JOIN-8]", async () => {
  await using relay = await openRelay({ limits: { ...DEFAULT_RELAY_CONFIG.limits, members: 1 }, maxRooms: 1 });
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.open(relay, { name: "bob" });
  bob.send({ type: "join", room: "lobby", token: TOKEN });
  expect((await bob.closed).code).toBe(4010);
  using carol = await RawMember.open(relay, { name: "carol" });
  carol.send({ type: "join", room: "other", token: TOKEN });
  expect((await carol.closed).code).toBe(4015);
  // An empty room makes place for a new one.
  alice.send({ type: "leave", room: "lobby" });
  await alice.settled();
  using dora = await RawMember.join(relay, { name: "dora" }, { room: "other" });
  expect(dora.entered.room).toBe("other");
});

test("who is silent for two periods is dropped, and the room told [LIVE-1] [LIVE-2] [LIVE-3]", async () => {
  const clock = manualClock();
  await using relay = await openRelay({}, { clock });
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const pings = { alice: 0, bob: 0 };
  alice.socket.on("ping", () => (pings.alice += 1));
  const pinged = new Promise<void>((resolve) => bob.socket.once("ping", () => resolve()));
  clock.advance(HEARTBEAT_MS);
  await pinged;
  bob.socket.pause();
  for (let i = 0; i < 4; i++) {
    clock.advance(HEARTBEAT_MS);
    await alice.settled(); // a sign of life
  }
  clock.advance(100);
  await alice.sees("bob", false);
  expect(pings.alice).toBeGreaterThanOrEqual(3);
  expect((await alice.say("still here")).type).toBe("stamped");
});

test("a connection that is lost is told as a member that is gone [LIVE-3]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  const bob = await RawMember.join(relay, { name: "bob" });
  await alice.sees("bob", true);
  bob.socket.terminate();
  await alice.sees("bob", false);
});
