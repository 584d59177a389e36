// A relay whose names, rooms or way to others fail: who comes is told to come again, and no name has two holders.
import { generateKeyPair } from "@agora/ports";
import { encodeChunk, HEARTBEAT_MS, newId } from "@agora/protocol";
import { expect, test } from "vitest";
import { until } from "../../test/wait-until.ts";
import { ANSWER_MS } from "../src/ports/answer.ts";
import { idOf, isAnswer, openHandled, seen } from "./handled-relay.ts";
import { RawMember, TOKEN } from "./raw-member.ts";

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
  const what = { room: "lobby", name: "alice", key: alice.pair.key, owner: alice.pair.key, claim: "at another relay" };
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
