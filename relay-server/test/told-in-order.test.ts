// A log that answers before it lets a relay hear: nobody is told anything before what comes before it.
import { generateKeyPair } from "@agora/ports";
import { compareStamps, type FromRelay } from "@agora/protocol";
import { expect, test } from "vitest";
import { until } from "../../test/wait-until.ts";
import { openHandled, seen } from "./handled-relay.ts";
import { RawMember, textOf, TOKEN } from "./raw-member.ts";

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
