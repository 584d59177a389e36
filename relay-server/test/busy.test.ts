// A relay whose ports are slow or fail: nothing is lost, nothing is told before it is so, and it goes on by itself.
import { generateKeyPair } from "@agora/ports";
import { manualClock, type ManualClock } from "@agora/ports/testing";
import { compareStamps, encodeChunk, type FromRelay, HEARTBEAT_MS, newId } from "@agora/protocol";
import { expect, test } from "vitest";
import { until } from "../../test/wait-until.ts";
import { DEFAULT_RELAY_CONFIG } from "../src/config.ts";
import { memoryPorts } from "../src/memory/ports.ts";
import { ANSWER_MS } from "../src/ports/answer.ts";
import type { Relay } from "../src/relay.ts";
import { HandledPorts } from "./ports/hand.ts";
import { grant, openRelay, RawMember, textOf, TOKEN } from "./raw-member.ts";

interface Handled {
  readonly relay: Relay;
  readonly hand: HandledPorts;
  readonly clock: ManualClock;
}

/** A relay on ports that are in the test's hand. */
async function openHandled(config: Parameters<typeof openRelay>[0] = {}): Promise<Handled & AsyncDisposable> {
  const clock = manualClock();
  const hand = new HandledPorts(memoryPorts(DEFAULT_RELAY_CONFIG.ring, clock));
  const relay = await openRelay(config, { clock, ports: hand });
  return { relay, hand, clock, [Symbol.asyncDispose]: () => relay.close() };
}

type Answered = Extract<FromRelay, { type: "stamped" | "refused" }>;
const isAnswer = (frame: FromRelay): frame is Answered => frame.type === "stamped" || frame.type === "refused";
const idOf = (sealed: { readonly head: string }): string => (JSON.parse(sealed.head) as { id: string }).id;
/** What has come so far of these types, in order. */
const seen = (member: RawMember, ...types: FromRelay["type"][]): FromRelay[] =>
  member.frames.filter((frame) => types.includes(frame.type));

test("an author is told a place behind all that comes before it, though the log answers first [STAMP-7] [STAMP-5]", async () => {
  await using handled = await openHandled();
  const { relay, hand } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  using carol = await RawMember.join(relay, { name: "carol" });
  hand.isHeard = false;
  bob.post(bob.seal("before"));
  await until("the first", () => hand.calls.get("append") === 1);
  alice.post(alice.seal("behind"));
  await until("the second", () => hand.calls.get("append") === 2);
  for (const member of [alice, bob]) {
    await member.settled();
    expect(seen(member, "stamped", "event")).toEqual([]);
  }
  hand.isHeard = true;
  hand.hear();
  await alice.nextThat((frame): frame is FromRelay => frame.type === "stamped");
  expect(textOf(await alice.next("event"))).toBe("before");
  for (const text of ["before", "behind"]) expect(textOf(await carol.next("event"))).toBe(text);
});

test("that holds for a place it had before, and for one who came meanwhile [STAMP-7] [POST-5]", async () => {
  await using handled = await openHandled();
  const { relay, hand } = handled;
  const pair = generateKeyPair();
  const alice = await RawMember.join(relay, { name: "alice", pair });
  using bob = await RawMember.join(relay, { name: "bob" });
  hand.isHeard = false;
  bob.post(bob.seal("first"));
  await until("the first", () => hand.calls.get("append") === 1);
  const sealed = alice.seal("second");
  alice.post(sealed);
  await until("the second", () => hand.calls.get("append") === 2);
  alice.socket.terminate();
  await until("its end", () => hand.calls.get("release") === 1);
  // She is given what the log has, and not once more when this relay hears of it.
  using again = await RawMember.join(relay, { name: "alice", pair }, { after: "1-0" });
  again.post(sealed);
  await again.settled();
  expect(textOf(await again.next("event"))).toBe("first");
  expect(seen(again, "stamped")).toEqual([]);
  hand.hear();
  const { stamp } = await again.next("stamped");
  expect(compareStamps(stamp, again.entered.stamp)).toBe(0);
  await again.settled();
  expect(seen(again, "event")).toEqual([]);
  expect([textOf(await bob.next("event"))]).toEqual(["second"]);
});

test("what is said while somebody comes is heard by them, once and in order [JOIN-1] [STAMP-5]", async () => {
  await using handled = await openHandled();
  const { relay, hand } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  const { stamp } = (await alice.say("before")) as { stamp: string };
  await alice.say("missed");
  hand.trouble.set("read", "waits");
  using bob = await RawMember.open(relay, { name: "bob" });
  bob.send({ type: "join", room: "lobby", token: TOKEN, after: stamp });
  await until("the question", () => hand.calls.get("read") === 2);
  await alice.say("meanwhile");
  await alice.say("for alice alone", { to: [{ member: "alice" }] });
  hand.letGo("read");
  await bob.next("joined");
  await alice.say("after");
  await until("all", () => seen(bob, "event").length >= 3);
  const events = seen(bob, "event") as Extract<FromRelay, { type: "event" }>[];
  expect(events.map((e) => [textOf(e), e.late === true])).toEqual([
    ["missed", true],
    ["meanwhile", false],
    ["after", false],
  ]);
});

test("what the log does not take is refused, waits with its author, and goes out later in its order [BUSY-1] [BUSY-2]", async () => {
  await using handled = await openHandled();
  const { relay, hand } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const [one, two, three] = ["one", "two", "three"].map((text) => alice.seal(text));
  hand.trouble.set("append", "fails");
  alice.post(one!);
  expect(await alice.nextThat(isAnswer)).toMatchObject({ code: "busy", id: idOf(one!), retryAfterMs: 500 });
  hand.trouble.clear();
  // It can be done again, but what was said first goes first; others are not held up by that.
  alice.post(two!);
  expect(await alice.nextThat(isAnswer)).toMatchObject({ code: "busy", id: idOf(two!) });
  expect(await bob.say("mine")).toMatchObject({ type: "stamped" });
  for (const sealed of [one!, two!, three!]) alice.post(sealed);
  const stamps: string[] = [];
  for (const sealed of [one!, two!, three!]) {
    const stamped = await alice.next("stamped");
    expect(stamped.id).toBe(idOf(sealed));
    stamps.push(stamped.stamp);
  }
  expect(stamps).toEqual([...stamps].sort(compareStamps));
  for (const text of ["one", "two", "three"]) expect(textOf(await bob.next("event"))).toBe(text);
});

test("who never posts again what was refused is taken again after a while [BUSY-2]", async () => {
  await using handled = await openHandled();
  const { relay, hand, clock } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  hand.trouble.set("append", "fails");
  await alice.say("given up");
  hand.trouble.clear();
  expect(await alice.say("next")).toMatchObject({ code: "busy" });
  clock.advance(10_001);
  expect(await alice.say("later")).toMatchObject({ type: "stamped" });
});

test("an event that was placed though the log failed is passed on once, and its author learns the place [BUSY-1] [POST-5]", async () => {
  await using handled = await openHandled();
  const { relay, hand } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  hand.isHeard = false;
  hand.trouble.set("append", "is lost");
  const sealed = alice.seal("once");
  alice.post(sealed);
  expect(await alice.nextThat(isAnswer)).toMatchObject({ code: "busy", id: idOf(sealed) });
  hand.trouble.clear();
  hand.isHeard = true;
  hand.hear();
  const { stamp } = await bob.next("event");
  alice.post(sealed);
  expect(await alice.nextThat(isAnswer)).toMatchObject({ type: "stamped", stamp });
  await alice.say("and another");
  expect(textOf(await bob.next("event"))).toBe("and another");
});

test("a log that never answers has failed after a while, and what came behind waits in its order [BUSY-1]", async () => {
  await using handled = await openHandled();
  const { relay, hand, clock } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  hand.isHeard = false;
  hand.trouble.set("append", "waits");
  const sealed = Array.from({ length: 5 }, (_, n) => alice.seal(`text ${n}`));
  for (const event of sealed) alice.post(event);
  await alice.settled();
  expect(hand.calls.get("append")).toBe(1);
  clock.advance(ANSWER_MS);
  for (const event of sealed) expect(await alice.nextThat(isAnswer)).toMatchObject({ code: "busy", id: idOf(event) });
  hand.trouble.clear();
  hand.isHeard = true;
  hand.hear();
  for (const event of sealed) alice.post(event);
  for (const event of sealed) expect((await alice.next("stamped")).id).toBe(idOf(event));
  for (const n of sealed.keys()) expect(textOf(await bob.next("event"))).toBe(`text ${n}`);
});

test("while the log is slow, what waits goes together, up to a bound [BUSY-1]", async () => {
  await using handled = await openHandled();
  const { relay, hand } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  hand.trouble.set("append", "waits");
  const text = "x".repeat(1_000_000);
  const sealed = Array.from({ length: 12 }, () => alice.seal(text));
  for (const event of sealed) alice.post(event);
  const refused = await alice.next("refused");
  expect(refused.code).toBe("busy");
  await alice.settled();
  const taken = sealed.findIndex((event) => idOf(event) === refused.id);
  expect(taken).toBeGreaterThanOrEqual(8);
  hand.trouble.clear();
  hand.letGo("append");
  for (const event of sealed.slice(0, taken)) expect((await alice.next("stamped")).id).toBe(idOf(event));
  for (const _ of sealed.slice(0, taken)) expect(textOf(await bob.next("event"))).toBe(text);
  expect(hand.calls.get("append")).toBeLessThanOrEqual(taken);
});

test("what waits for the log when an operator pauses the room is not placed [CONTROL-5]", async () => {
  const root = generateKeyPair();
  await using handled = await openHandled({ rooms: new Map([["lobby", root.key]]) });
  const { relay, hand } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  using op = await RawMember.join(relay, { name: "op" });
  const token = await grant(root, { room: "lobby", grant: "operator", key: op.pair.key });
  hand.trouble.set("append", "waits");
  alice.post(alice.seal("before"));
  await until("the first", () => hand.calls.get("append") === 1);
  op.post(op.sealControl({ act: "pause", grant: token }));
  await op.settled();
  alice.post(alice.seal("behind"));
  await alice.settled();
  hand.trouble.clear();
  hand.letGo("append");
  expect(await op.nextThat(isAnswer)).toMatchObject({ type: "stamped" });
  expect(await alice.next("stamped")).toBeDefined();
  expect(await alice.next("refused")).toMatchObject({ code: "paused" });
  expect(textOf(await op.next("event"))).toBe("before");
});

test("a control that the log did not take does nothing yet, and holds up nobody [BUSY-1] [BUSY-2]", async () => {
  const root = generateKeyPair();
  await using handled = await openHandled({ rooms: new Map([["lobby", root.key]]) });
  const { relay, hand } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  using op = await RawMember.join(relay, { name: "op" });
  const token = await grant(root, { room: "lobby", grant: "operator", key: op.pair.key });
  const kick = op.sealControl({ act: "kick", member: "alice", grant: token });
  hand.trouble.set("append", "fails");
  op.post(kick);
  expect(await op.nextThat(isAnswer)).toMatchObject({ code: "busy", id: idOf(kick) });
  hand.trouble.clear();
  expect(await op.say("a word")).toMatchObject({ type: "stamped" });
  expect(await alice.say("still here")).toMatchObject({ type: "stamped" });
  op.post(kick);
  expect(await op.nextThat(isAnswer)).toMatchObject({ type: "stamped" });
  expect((await alice.closed).code).toBe(4005);
});

for (const call of ["claim", "read", "follow", "listen"] as const) {
  test(`who comes while "${call}" fails comes again later, and its name is free [BUSY-1] [JOIN-9]`, async () => {
    await using handled = await openHandled();
    const { relay, hand } = handled;
    using alice = await RawMember.join(relay, { name: "alice" });
    hand.trouble.set(call, "fails");
    using bob = await RawMember.open(relay, { name: "bob" });
    bob.send({ type: "join", room: "other", token: TOKEN });
    expect((await bob.closed).code).toBe(4017);
    alice.send({ type: "join", room: "other", token: TOKEN });
    expect(await alice.nextThat(isAnswer)).toMatchObject({ code: "busy", room: "other" });
    hand.trouble.clear();
    using other = await RawMember.join(relay, { name: "bob" }, { room: "other" });
    expect(other.entered.members.map(({ name }) => name)).toEqual(["bob"]);
    expect(await alice.say("and the room goes on")).toMatchObject({ type: "stamped" });
  });
}

test("a claim that comes true after it was given up is given back [BUSY-1]", async () => {
  await using handled = await openHandled();
  const { relay, hand, clock } = handled;
  hand.trouble.set("claim", "waits");
  using bob = await RawMember.open(relay, { name: "bob" });
  bob.send({ type: "join", room: "lobby", token: TOKEN });
  await until("the claim", () => hand.calls.get("claim") === 1);
  clock.advance(ANSWER_MS);
  expect((await bob.closed).code).toBe(4017);
  hand.trouble.clear();
  hand.letGo("claim");
  using other = await RawMember.join(relay, { name: "bob" });
  expect(other.entered.name).toBe("bob");
});

test("a relay that can't renew a name gives it up before it can be another's [BUSY-4]", async () => {
  await using handled = await openHandled();
  const { relay, hand, clock } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  clock.advance(HEARTBEAT_MS);
  await alice.settled();
  hand.trouble.set("claim", "fails");
  clock.advance(HEARTBEAT_MS);
  await alice.settled();
  expect(await alice.say("once is nothing")).toMatchObject({ type: "stamped" });
  clock.advance(HEARTBEAT_MS);
  expect((await alice.closed).code).toBe(4017);
});

test("who has lost its name to a newer connection elsewhere is closed [JOIN-5] [BUSY-4]", async () => {
  await using handled = await openHandled();
  const { relay, hand, clock } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  const what = { room: "lobby", name: "alice", key: alice.pair.key, claim: "at another relay" };
  await hand.names.claim(what, 100_000, false);
  clock.advance(HEARTBEAT_MS);
  expect((await alice.closed).code).toBe(4004);
});

test("a relay that hears nothing of a room any more has its members come again, and they miss nothing [BUSY-4]", async () => {
  await using handled = await openHandled();
  const { relay, hand, clock } = handled;
  const pair = generateKeyPair();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob", pair });
  const { stamp } = (await alice.say("heard")) as { stamp: string };
  await bob.next("event");
  hand.lose("lobby");
  for (const member of [alice, bob]) expect((await member.closed).code).toBe(4017);
  // A log that tells a place and never the event is one that is not heard, too.
  using carol = await RawMember.join(relay, { name: "carol" });
  hand.isHeard = false;
  carol.post(carol.seal("unheard"));
  await until("its place", () => hand.calls.get("append") === 2);
  await carol.settled();
  clock.advance(ANSWER_MS);
  expect((await carol.closed).code).toBe(4017);
  using again = await RawMember.join(relay, { name: "bob", pair }, { after: stamp });
  expect(again.entered.gap).toBe(true); // the memory of one process forgets a room that nobody follows
});

test("what can't be handed to another member is refused, and presence is told later [BUSY-1] [PRESENCE-2]", async () => {
  await using handled = await openHandled();
  const { relay, hand, clock } = handled;
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const id = newId();
  const chunk = encodeChunk({ room: "lobby", to: "bob", id, offset: 0 }, Buffer.from("bytes"));
  const sealed = alice.seal("directed", { to: [{ member: "bob" }] });
  hand.trouble.set("to", "fails");
  alice.send({ type: "receipts", room: "lobby", to: "bob", items: [{ id, state: "stored", at: 1 }] });
  expect(await alice.next("refused")).toMatchObject({ code: "busy", to: "bob" });
  alice.send({ type: "file", room: "lobby", to: "bob", step: "want", id, offset: 0 });
  expect(await alice.next("refused")).toMatchObject({ code: "busy", to: "bob", id });
  alice.socket.send(chunk);
  expect(await alice.next("refused")).toMatchObject({ code: "busy", to: "bob", id, retryAfterMs: 500 });
  alice.send({ type: "deliver", room: "lobby", to: "bob", stamp: "1-0", event: sealed });
  expect(await alice.next("refused")).toMatchObject({ code: "busy", id: idOf(sealed) });
  hand.trouble.clear();
  alice.socket.send(chunk);
  expect((await bob.nextChunk()).subarray(-5).toString()).toBe("bytes");

  clock.advance(100);
  await bob.settled();
  bob.frames.length = 0;
  hand.trouble.set("publish", "fails");
  for (const status of ["first", "last"]) {
    alice.send({ type: "presence", room: "lobby", facts: { status } });
    await alice.settled();
    clock.advance(100);
  }
  await bob.settled();
  expect(seen(bob, "presence")).toEqual([]);
  hand.trouble.clear();
  await until("it was told", () => {
    clock.advance(1_000);
    return seen(bob, "presence").length > 0;
  });
  expect(seen(bob, "presence")).toMatchObject([{ members: [{ name: "alice", facts: { status: "last" } }] }]);
});
