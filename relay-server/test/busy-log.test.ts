// A relay whose log is slow or fails: nothing is lost, nothing is told before it is so, and it goes on by itself.
import { generateKeyPair } from "@agora/ports";
import { compareStamps } from "@agora/protocol";
import { expect, test } from "vitest";
import { until } from "../../test/wait-until.ts";
import { ANSWER_MS } from "../src/ports/answer.ts";
import { idOf, isAnswer, openHandled } from "./handled-relay.ts";
import { grant, RawMember, textOf } from "./raw-member.ts";

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
  const token = grant(root, { room: "lobby", grant: "operator", key: op.pair.key });
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
  const token = grant(root, { room: "lobby", grant: "operator", key: op.pair.key });
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
