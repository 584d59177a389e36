// [POST-*], [DELIVER-*], [RATE-1]: events on their way through the relay.
import { generateKeyPair } from "@agora/ports";
import { manualClock } from "@agora/ports/testing";
import type { FromRelay } from "@agora/protocol";
import { expect, test } from "vitest";
import { until } from "../../test/wait-until.ts";
import { DEFAULT_RELAY_CONFIG } from "../src/config.ts";
import { grant, openRelay, RawMember, textOf } from "./raw-member.ts";

test("a room-wide event goes to all but its author, who is told its stamp [POST-3] [POST-4]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  using carol = await RawMember.join(relay, { name: "carol" });
  const signed = alice.seal("hello 🌍 \u001b[31m ünïcode");
  alice.post(signed);
  const { stamp, missed } = await alice.next("stamped");
  expect(missed).toBeUndefined();
  for (const member of [bob, carol]) {
    const event = await member.next("event");
    expect(event).toEqual({ type: "event", room: "lobby", stamp, event: signed });
  }
  await alice.settled();
  expect(alice.frames.filter((f) => f.type === "event")).toEqual([]);
});

test("a directed event goes to the addressed only, and the author hears who missed it [POST-3] [POST-4]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  using carol = await RawMember.join(relay, { name: "carol" });
  const to = [
    { member: "bob", seat: "claude" },
    { member: "bob" },
    { member: "dora" },
    { member: "carol", key: alice.pair.key },
  ];
  expect(await alice.say("psst", { to })).toMatchObject({ type: "stamped", missed: ["dora", "carol"] });
  expect(textOf(await bob.next("event"))).toBe("psst");
  await bob.settled();
  await carol.settled();
  expect([...bob.frames, ...carol.frames].filter((f) => f.type === "event")).toEqual([]);
  // Who addresses itself is a recipient like any other.
  expect(await alice.say("to me", { to: [{ member: "alice" }] })).toMatchObject({ type: "stamped" });
  expect(textOf(await alice.next("event"))).toBe("to me");
});

test("an event that is posted again keeps its stamp and is not sent again [POST-5]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const signed = alice.seal("once");
  alice.post(signed);
  alice.post(signed);
  const [first, second] = [await alice.next("stamped"), await alice.next("stamped")];
  expect(second).toEqual(first);
  await bob.next("event");
  await alice.say("and another");
  expect(textOf(await bob.next("event"))).toBe("and another");
});

test("stamps rise in the order of posting, and each member hears events in it [STAMP-2] [STAMP-5]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const texts = Array.from({ length: 500 }, (_, i) => `text ${i}`);
  for (const text of texts) alice.post(alice.seal(text));
  const got: string[] = [];
  for (const text of texts) {
    const event = await bob.next("event");
    expect(textOf(event)).toBe(text);
    got.push(event.stamp);
  }
  expect(new Set(got).size).toBe(500);
  for (const stamp of got) expect((await alice.next("stamped")).stamp).toBe(stamp);
});

test("an event must be the member's own, for this room, whole and not too long [POST-2]", async () => {
  const limits = { ...DEFAULT_RELAY_CONFIG.limits, textBytes: 100 };
  await using relay = await openRelay({ limits });
  using alice = await RawMember.join(relay, { name: "alice" });
  using mallory = await RawMember.join(relay, { name: "mallory" });
  expect(await mallory.say("as alice", { author: "alice" })).toMatchObject({ code: "bad-event" });
  expect(await mallory.say("elsewhere", { room: "lobby", thread: "x" })).toMatchObject({ code: "bad-event" });
  mallory.post(mallory.seal("another room", { room: "other" }));
  expect(await mallory.next("refused")).toMatchObject({ code: "bad-event" });
  mallory.post(alice.seal("stolen"));
  expect(await mallory.next("refused")).toMatchObject({ code: "bad-event" });
  mallory.post(mallory.seal("a channel", { channel: "ops" }));
  expect(await mallory.next("refused")).toMatchObject({ code: "forbidden" }); // [POST-7]
  mallory.post({ ...mallory.seal("x"), head: "nonsense" });
  expect(await mallory.next("refused")).toMatchObject({ code: "bad-event" });
  mallory.post({ ...mallory.seal("x"), head: "x".repeat(20_000) });
  expect(await mallory.next("refused")).toMatchObject({ code: "too-big" });
  const long = mallory.seal("é".repeat(51));
  mallory.post(long);
  const { id } = JSON.parse(long.head) as { id: string };
  expect(await mallory.next("refused")).toMatchObject({
    code: "too-big",
    id,
    message: expect.stringContaining("102 bytes"),
  });
  expect(await mallory.say("é".repeat(50))).toMatchObject({ type: "stamped" });
  expect(textOf(await alice.next("event"))).toBe("é".repeat(50));
});

test("an observer sees and neither posts nor delivers [GRANT-1] [POST-6]", async () => {
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]) });
  using alice = await RawMember.join(relay, { name: "alice" });
  const token = grant(root, { room: "lobby", grant: "observer" });
  using watcher = await RawMember.join(relay, { name: "watcher" }, { token });
  expect(await watcher.say("may I?")).toMatchObject({ code: "forbidden" });
  await alice.say("look");
  const { stamp, event } = await watcher.next("event");
  watcher.send({ type: "deliver", room: "lobby", to: "alice", stamp, event });
  expect(await watcher.next("refused")).toMatchObject({ code: "forbidden" });
});

test("who speaks too fast waits as told, agents and people apart, also after coming back [RATE-1]", async () => {
  const clock = manualClock();
  const rate = { agent: { burst: 2, perSecond: 2 }, user: { burst: 3, perSecond: 10 } };
  await using relay = await openRelay({ limits: { ...DEFAULT_RELAY_CONFIG.limits, rate } }, { clock });
  using alice = await RawMember.join(relay, { name: "alice" });
  const answers = [await alice.say("1"), await alice.say("2"), await alice.say("3")];
  expect(answers).toMatchObject([{ type: "stamped" }, { type: "stamped" }, { code: "rate", retryAfterMs: 500 }]);
  expect(await alice.say("as a person", { role: "user" })).toMatchObject({ type: "stamped" });
  alice.send({ type: "leave", room: "lobby" });
  await alice.enter();
  expect(await alice.say("again")).toMatchObject({ code: "rate" });
  clock.advance(500);
  const signed = alice.seal("now");
  alice.post(signed);
  const { stamp } = await alice.next("stamped");
  // What has its stamp already is answered whatever the rate.
  alice.post(signed);
  expect((await alice.next("stamped")).stamp).toBe(stamp);
});

test("a stamped event is delivered to one who missed it, by its author or by another reader [DELIVER-1]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const signed = alice.seal("for the room");
  alice.post(signed);
  const { stamp } = await bob.next("event");
  using carol = await RawMember.join(relay, { name: "carol" });
  for (const by of [alice, bob]) {
    by.send({ type: "deliver", room: "lobby", to: "carol", stamp, event: signed });
    const expected = { type: "event", room: "lobby", stamp, event: signed, late: true, by: by.name };
    expect(await carol.next("event")).toEqual(expected);
  }
});

test("a delivery passes whatever the relay's clock says: it may have been set back [DELIVER-1]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const stamp = `${Date.now() + 48 * 3_600_000}-0`;
  alice.send({ type: "deliver", room: "lobby", to: "bob", stamp, event: alice.seal("from tomorrow") });
  expect((await bob.next("event")).stamp).toBe(stamp);
});

test("a delivery is for an addressed member, under the key that was meant, by who may see it [DELIVER-2] [DELIVER-3]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  using carol = await RawMember.join(relay, { name: "carol" });
  const stamp = "1700000000000-0";
  const deliver = async (by: RawMember, to: string, event: ReturnType<RawMember["seal"]>): Promise<string> => {
    by.send({ type: "deliver", room: "lobby", to, stamp, event });
    return (await by.next("refused")).code;
  };
  const toBob = alice.seal("psst", { to: [{ member: "bob", key: carol.pair.key }, { member: "dora" }] });
  expect(await deliver(alice, "bob", toBob)).toBe("key-changed");
  expect(await deliver(alice, "dora", toBob)).toBe("no-such-member");
  expect(await deliver(alice, "carol", toBob)).toBe("bad-event");
  expect(await deliver(carol, "bob", toBob)).toBe("forbidden");
  expect(await deliver(alice, "bob", alice.seal("x", { room: "other" }))).toBe("bad-event");
  expect(await deliver(alice, "bob", { ...toBob, head: "{}" })).toBe("bad-event");
  await bob.settled();
  expect(bob.frames.filter((f) => f.type === "event")).toEqual([]);
});

test("what another than the author delivers waits behind what is news, and is dropped beyond a bound [HEAL-4]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  using carol = await RawMember.join(relay, { name: "carol" });
  const old = alice.seal("x".repeat(500_000));
  alice.post(old);
  const { stamp } = await bob.next("event");
  await carol.next("event");
  carol.socket.pause();
  for (let i = 0; i < 60; i++) bob.send({ type: "deliver", room: "lobby", to: "carol", stamp, event: old });
  await bob.settled();
  await alice.say("news");
  carol.socket.resume();
  const isNews = (f: FromRelay): f is Extract<FromRelay, { type: "event" }> => f.type === "event" && f.by === undefined;
  expect(textOf(await carol.nextThat(isNews))).toBe("news");
  const before = carol.frames.filter((f) => f.type === "event").length;
  await until("more events", () => carol.frames.filter((f) => f.type === "event").length > before);
  await carol.settled();
  expect(carol.frames.filter((f) => f.type === "event").length).toBeLessThan(60);
});

test("deliveries have a rate of their own [DELIVER-4]", async () => {
  const clock = manualClock();
  await using relay = await openRelay({ limits: DEFAULT_RELAY_CONFIG.limits }, { clock });
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const event = alice.seal("again and again");
  const stamp = `${clock.now()}-0`;
  for (let i = 0; i < 12_001; i++) alice.send({ type: "deliver", room: "lobby", to: "bob", stamp, event });
  expect(await alice.next("refused")).toMatchObject({ code: "rate", retryAfterMs: 1 });
  await bob.settled();
  expect(bob.frames.filter((f) => f.type === "event")).toHaveLength(12_000);
  clock.advance(1);
  for (let i = 0; i < 3; i++) alice.send({ type: "deliver", room: "lobby", to: "bob", stamp, event });
  expect(await alice.next("refused")).toMatchObject({ code: "rate" });
  await bob.settled();
  expect(bob.frames.filter((f) => f.type === "event")).toHaveLength(12_002);
  // It takes nothing from the rate of posting.
  expect(await alice.say("news", { role: "user" })).toMatchObject({ type: "stamped" });
});
