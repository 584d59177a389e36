// [JOIN-*], [GRANT-*], [PRESENCE-*], [LIVE-*]: entering a room, being in it, and leaving it.
import { createVerifier, generateKeyPair } from "@agora/ports";
import { manualClock } from "@agora/ports/testing";
import { FIRST_STAMP, HEARTBEAT_MS, MAX_STAMP_LEAD_MS, openGrant, REPLACE_PING_MS, stampParts } from "@agora/protocol";
import { expect, test } from "vitest";
import { DEFAULT_RELAY_CONFIG } from "../src/config.ts";
import { grant, openRelay, RawMember, textOf, TOKEN } from "./raw-member.ts";

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

test("a grant gives its role, to its name and key only [GRANT-2]", async () => {
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]) });
  const pair = generateKeyPair();
  const operator = await grant(root, { room: "lobby", grant: "operator", sub: "alice", key: pair.key });
  using alice = await RawMember.join(relay, { name: "alice", pair }, { token: operator });
  expect(alice.entered.grant).toBe("operator");
  // The shared token still works in a room with a root key.
  using bob = await RawMember.join(relay, { name: "bob" });
  expect(bob.entered.grant).toBe("member");

  const now = Math.floor(Date.now() / 1000);
  const refused = {
    "another name": await grant(root, { room: "lobby", sub: "dora" }),
    "another key": await grant(root, { room: "lobby", key: pair.key }),
    "the room": await grant(root, { room: "elsewhere" }),
    "has expired": await grant(root, { room: "lobby", exp: now - 61 }),
    "root key": await grant(generateKeyPair(), { room: "lobby" }),
    lacks: await grant(root, { room: "lobby", jti: "short" }),
    "begins later": await grant(root, { room: "lobby", iat: now + 120 }), // [GRANT-3]
  };
  for (const [why, token] of Object.entries(refused)) {
    using carol = await RawMember.open(relay, { name: "carol" });
    carol.send({ type: "join", room: "lobby", token });
    const end = await carol.closed;
    expect([end.code, end.reason]).toEqual([1008, expect.stringContaining(why)]);
  }
  using carol = await RawMember.join(
    relay,
    { name: "carol" },
    { token: await grant(root, { room: "lobby", exp: now - 30 }) },
  );
  expect(carol.entered.grant).toBe("member"); // [GRANT-3]: clocks differ
});

test("an operator's grant that names no key makes a member, whoever brings it [CONTROL-2]", async () => {
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]) });
  const token = await grant(root, { room: "lobby", grant: "operator" });
  using mallory = await RawMember.join(relay, { name: "mallory" }, { token });
  expect(mallory.entered).toMatchObject({ grant: "member", members: [{ name: "mallory", grant: "member" }] });
  using bob = await RawMember.join(relay, { name: "bob" }, { grant: token });
  expect(bob.entered.grant).toBe("member");
});

test("a token of the relay's stands for a grant that its key signs; with another token it ends [GRANT-6]", async () => {
  const relayKey = generateKeyPair();
  const pair = generateKeyPair();
  const given = async (operatorToken: string, token: string) => {
    await using relay = await openRelay({ relayKey, operatorToken });
    using olga = await RawMember.join(relay, { name: "olga", pair }, { token });
    return olga.entered;
  };
  const first = await given("the-operators", "the-operators");
  expect(first.grant).toBe("operator");
  const opened = openGrant(first.grantToken!, relayKey.key, createVerifier(), Date.now());
  expect(opened).toMatchObject({ value: { grant: "operator", room: "lobby", sub: "olga", key: pair.key } });
  expect((await given("the-operators", first.grantToken!)).grant).toBe("operator");
  await expect(given("another", first.grantToken!)).rejects.toThrow(/connection ended/);
  expect((await given("another", TOKEN)).grantToken).toBeUndefined();
});

test("a grant that expires while its member is here ends the connection [GRANT-4]", async () => {
  const clock = manualClock(Date.now());
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]) }, { clock });
  const token = await grant(root, { room: "lobby", exp: Math.floor(Date.now() / 1000) + 10 });
  using alice = await RawMember.join(relay, { name: "alice" }, { token });
  clock.advance(HEARTBEAT_MS);
  expect((await alice.say("still here")).type).toBe("stamped");
  clock.advance(2 * HEARTBEAT_MS);
  expect((await alice.closed).code).toBe(1008);
});

test("with grants only, the token opens nothing and other rooms are unknown", async () => {
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]), grantsOnly: true });
  using alice = await RawMember.open(relay, { name: "alice" });
  alice.send({ type: "join", room: "lobby", token: TOKEN });
  expect((await alice.closed).code).toBe(1008);
  using bob = await RawMember.open(relay, { name: "bob" });
  bob.send({ type: "join", room: "other", token: TOKEN });
  expect((await bob.closed).code).toBe(4014);
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

test("what was missed is sent again from the ring, to whom it is for [JOIN-3] [JOIN-6]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  const carol = { pair: generateKeyPair(), name: "carol" };
  const before = await alice.say("before");
  if (before.type !== "stamped") throw new Error("not stamped");
  await alice.say("to the room");
  await alice.say("to bob", { to: [{ member: "bob" }] });
  await alice.say("to carol", { to: [{ member: "carol", key: carol.pair.key }] });
  await alice.say("to another carol", { to: [{ member: "carol", key: alice.pair.key }] });
  using late = await RawMember.join(relay, carol, { after: before.stamp });
  expect(late.entered.gap).toBe(false);
  await late.settled();
  const events = late.frames.filter((f) => f.type === "event");
  expect(events.map((e) => [textOf(e), e.late])).toEqual([
    ["to the room", true],
    ["to carol", true],
  ]);
  // An author's own events are not sent again, and without `after` nothing is.
  const pair = alice.pair;
  alice.socket.terminate();
  await late.sees("alice", false);
  using again = await RawMember.join(relay, { name: "alice", pair }, { after: before.stamp });
  using fresh = await RawMember.join(relay, { name: "dora" });
  await again.settled();
  await fresh.settled();
  expect([...again.frames, ...fresh.frames].filter((f) => f.type === "event")).toEqual([]);
});

test("a gap is told when the ring can't speak for all that came after [JOIN-3]", async () => {
  await using relay = await openRelay({ ring: { bytes: 1_000_000, events: 2 } });
  using alice = await RawMember.join(relay, { name: "alice" });
  const cursor = alice.entered.stamp;
  await alice.say("1");
  await alice.say("2");
  using bob = await RawMember.join(relay, { name: "bob" }, { after: cursor });
  expect(bob.entered.gap).toBe(false);
  await alice.say("3");
  using carol = await RawMember.join(relay, { name: "carol" }, { after: cursor });
  expect(carol.entered.gap).toBe(true);
  await carol.settled();
  expect(carol.frames.filter((f) => f.type === "event").map(textOf)).toEqual(["2", "3"]);
  // Of what another life of the relay has stamped it knows nothing, whether its clock was behind or ahead.
  using emil = await RawMember.join(relay, { name: "emil" }, { after: `${Date.now() + 60_000}-0` });
  expect(emil.entered.gap).toBe(true);
  using dora = await RawMember.join(relay, { name: "dora" }, { after: FIRST_STAMP });
  expect(dora.entered.gap).toBe(true);
});

test("stamps rise above what a member has seen, but not far above the clock [STAMP-2] [STAMP-3]", async () => {
  const clock = manualClock();
  await using relay = await openRelay({}, { clock });
  const seen = `${clock.now() + 5_000}-7`;
  using alice = await RawMember.join(relay, { name: "alice" }, { after: seen });
  expect(alice.entered.stamp).toBe(seen);
  expect(await alice.say("next")).toMatchObject({ stamp: `${clock.now() + 5_000}-8` });
  clock.advance(10_000);
  expect(await alice.say("next")).toMatchObject({ stamp: `${clock.now()}-0` });
  clock.jump(-3_600_000);
  expect(await alice.say("the clock fell back")).toMatchObject({ stamp: `${clock.now() + 3_600_000}-1` });
  using bob = await RawMember.join(relay, { name: "bob" }, { room: "other", after: "999999999999999-0" });
  expect(stampParts(bob.entered.stamp)[0]).toBe(clock.now() + MAX_STAMP_LEAD_MS);
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
