// [JOIN-3], [STAMP-*]: what the ring gives again to who was away, and the stamps it goes by.
import { generateKeyPair } from "@agora/ports";
import { manualClock } from "@agora/ports/testing";
import { FIRST_STAMP, MAX_STAMP_LEAD_MS, stampParts } from "@agora/protocol";
import { expect, test } from "vitest";
import { openRelay, RawMember, textOf } from "./raw-member.ts";

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
