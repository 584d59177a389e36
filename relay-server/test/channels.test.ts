// [CHANNEL-*], [POST-7]: what is said in a channel goes to those who say that they are in it, and to nobody else.
import { generateKeyPair } from "@agora/ports";
import { CHANNEL, type FromRelay, MAX_CHANNELS } from "@agora/protocol";
import { expect, test } from "vitest";
import { grant, openRelay, RawMember, textOf } from "./raw-member.ts";

const room = "lobby";
const side = { channel: "side" };
const events = (member: RawMember): FromRelay[] => member.frames.filter((f) => f.type === "event");
/** Says which channels it is in, and waits until all have been told. */
async function declare(member: RawMember, channels: string[], ...others: RawMember[]): Promise<void> {
  member.send({ type: "channels", room, channels });
  for (const one of [member, ...others]) {
    await one.nextThat(
      (f): f is Extract<FromRelay, { type: "presence" }> =>
        f.type === "presence" &&
        f.members.some(({ name, channels: told = [] }) => name === member.name && told.join() === channels.join()),
    );
  }
}

test("an event of a channel goes to its members alone, also a directed one [CHANNEL-3] [POST-4]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" }, { channels: ["side"] });
  using bob = await RawMember.join(relay, { name: "bob" }, { channels: ["side", "other"] });
  using carol = await RawMember.join(relay, { name: "carol" });
  using dora = await RawMember.join(relay, { name: "dora" }, { channels: ["other"] });
  expect(await alice.say("aside", side)).toMatchObject({ type: "stamped" });
  expect(textOf(await bob.next("event"))).toBe("aside");
  // Whoever is addressed is still one of the channel's readers, and one who is not in it has missed it. [POST-3]
  const to = [{ member: "carol" }, { member: "bob" }];
  expect(await alice.say("@carol", { ...side, to })).toMatchObject({ type: "stamped", missed: ["carol"] });
  expect(textOf(await bob.next("event"))).toBe("@carol");
  for (const member of [alice, carol, dora]) {
    await member.settled();
    expect(events(member)).toEqual([]);
  }
});

test("membership is the member's last word, told to all; leaving ends it at once [CHANNEL-2]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" }, { channels: ["side"] });
  using bob = await RawMember.join(relay, { name: "bob" });
  expect(bob.entered.members.find(({ name }) => name === "alice")?.channels).toEqual(["side"]);
  await declare(bob, ["side"], alice);
  await alice.say("one", side);
  expect(textOf(await bob.next("event"))).toBe("one");
  await declare(bob, [], alice);
  await alice.say("two", side);
  await bob.settled();
  expect(events(bob)).toEqual([]);
  expect(bob.frames.filter((f) => f.type === "presence").length).toBeLessThan(3);
  bob.send({ type: "channels", room, channels: Array.from({ length: MAX_CHANNELS + 1 }, (_, i) => `c${i}`) });
  expect(await bob.next("refused")).toMatchObject({ code: "bad-frame" });
});

test("nothing is stamped or delivered by or to one who is not in the channel [POST-7]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" }, { channels: ["side"] });
  using bob = await RawMember.join(relay, { name: "bob" });
  using carol = await RawMember.join(relay, { name: "carol" }, { channels: ["side"] });
  for (const to of [[], [{ member: "alice" }]])
    expect(await bob.say("let me in", { ...side, to })).toMatchObject({ code: "forbidden" });
  // An operator's word is for the room, never for a part of it.
  expect(await alice.say("{}", { ...side, kind: "control" })).toMatchObject({ code: "bad-event" });
  const event = alice.seal("aside", side);
  alice.post(event);
  const { stamp } = await alice.next("stamped");
  expect(textOf(await carol.next("event"))).toBe("aside");
  const deliver = { type: "deliver", room, stamp, event } as const;
  for (const [by, to] of [
    [alice, "bob"],
    [carol, "bob"],
    [bob, "carol"],
  ] as const) {
    by.send({ ...deliver, to });
    expect(await by.next("refused")).toMatchObject({ code: "forbidden" });
  }
  alice.send({ ...deliver, to: "carol" });
  expect(await carol.next("event")).toMatchObject({ late: true, by: "alice" });
  await bob.settled();
  expect(events(bob)).toEqual([]);
});

test("the ring gives a channel's events to its members alone [CHANNEL-3] [JOIN-1]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" }, { channels: ["side"] });
  await alice.say("aside", side);
  await alice.say("for all");
  await alice.say("@bob aside", { ...side, to: [{ member: "bob" }] });
  using bob = await RawMember.join(relay, { name: "bob" }, { after: "0-0" });
  expect(textOf(await bob.next("event"))).toBe("for all");
  await bob.settled();
  expect(events(bob)).toEqual([]);
  using carol = await RawMember.join(relay, { name: "carol" }, { after: "0-0", channels: ["side"] });
  const got = [await carol.next("event"), await carol.next("event"), await carol.next("event")];
  expect(got.map(textOf)).toEqual(["aside", "for all", "@bob aside"]);
});

test("who is made an observer of a channel by a grant is refused there, and so is everybody in an archived one [RIGHT-5]", async () => {
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([[room, root.key]]) });
  using lea = await RawMember.join(relay, { name: "lea" }, { channels: ["side", "other"] });
  using bob = await RawMember.join(relay, { name: "bob" }, { channels: ["side", "other"] });
  using mia = await RawMember.join(relay, { name: "mia" }, { channels: ["side"] });
  const leads = grant(root, { room, grant: "lead", key: lea.pair.key, channel: "side" });
  const says = async (by: RawMember, channel: string, act: object): Promise<void> => {
    by.post(by.seal(JSON.stringify(act), { kind: "channel", channel }, CHANNEL));
    await by.next("stamped");
  };
  const mayPost = async (by: RawMember, channel: string): Promise<boolean> => {
    const answer = await by.say("hello", { channel });
    expect(answer.type === "stamped" || answer.code === "forbidden").toBe(true);
    return answer.type === "stamped";
  };
  const observes = { act: "role", member: "bob", key: bob.pair.key, role: "observer" };
  await says(mia, "side", observes);
  await says(mia, "side", { ...observes, grant: leads });
  await says(lea, "other", { ...observes, grant: leads });
  expect([await mayPost(bob, "side"), await mayPost(bob, "other")]).toEqual([true, true]);
  await says(lea, "side", { ...observes, grant: leads });
  expect([await mayPost(bob, "side"), await mayPost(bob, "other"), await mayPost(mia, "side")]).toEqual([
    false,
    true,
    true,
  ]);
  await says(bob, "side", { ...observes, role: "member" });
  expect(await mayPost(bob, "side")).toBe(false);
  await says(lea, "side", { ...observes, role: "member", grant: leads });
  expect(await mayPost(bob, "side")).toBe(true);
  await says(lea, "side", { act: "archive", grant: leads });
  expect([await mayPost(bob, "side"), await mayPost(lea, "side")]).toEqual([false, false]);
  await says(mia, "side", { act: "reopen" });
  expect(await mayPost(bob, "side")).toBe(true);
});
