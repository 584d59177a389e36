// What a person keeps on all own devices: both have it, also one that comes later, and nobody else. [DEVICE-14] [DEVICE-15]
import { join } from "node:path";
import { findHome, type Home } from "@agora/user-config";
import { kindOf } from "@agora/protocol";
import { afterEach, expect, test } from "vitest";
import { type Member, makePlace, must, openRelay, type Place, request, until } from "./fixture.ts";
import { link } from "./link-device.ts";

const places: Place[] = [];
afterEach(() => {
  for (const place of places.splice(0)) place.remove();
});
const place = (name: string): Place => {
  const made = makePlace(name);
  places.push(made);
  return made;
};
const homeOf = ({ dir }: Place): Home => findHome({ AGORA_HOME: join(dir, "home") });
const say = async (member: Member, text: string, channel?: string): Promise<void> => {
  must(await request(member, "say", { via: "cli", to: [], text, ...(channel === undefined ? {} : { channel }) }));
};
const lines = async (member: Member, channel?: string) =>
  must(await request(member, "history", { limit: 50, ...(channel === undefined ? {} : { channel }) })).lines;
const hears = (member: Member, text: string): Promise<unknown> =>
  until(`it is heard: ${text}`, async () => (await lines(member)).some((line) => line.text === text));
const reads = async (member: Member) => must(await request(member, "reads", { via: "cli" })).read;
const kindsAt = ({ store }: Member): readonly string[] =>
  [...store.history.from(0)].flatMap(({ value }) => ("kind" in value ? [value.kind] : []));

test("what was read on one device is read on the other, also on one that is linked later, and no stranger is told [DEVICE-14] [DEVICE-15]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  let last: string;
  {
    // With a single device nothing is told to anybody.
    await using l = await laptop.open(relay.port, {}, { person: true });
    await say(b, "one");
    await hears(l, "one");
    last = (await lines(l)).at(-1)!.stamp!;
    must(await request(l, "markRead", { via: "console", place: "*", read: last }));
    expect(await request(l, "markRead", { via: "console", place: "lobby", read: last })).toMatchObject({ ok: false });
    expect(await request(l, "markRead", { via: "tool", place: "*", read: last })).toMatchObject({ ok: false });
    await say(l, "two");
    await hears(b, "two");
    expect([...kindsAt(l), ...kindsAt(b)]).not.toContain("self");
    expect(await reads(l)).toEqual({ "*": last });
  }
  await link(laptop, phone, relay.port);
  await using l = await laptop.open(relay.port, {}, { person: true });
  await using p = await phone.open(relay.port, {}, { person: true });
  await until("the phone is told", async () => (await reads(p))["*"] === last);
  await say(b, "three");
  await hears(p, "three");
  const next = (await lines(p)).at(-1)!.stamp!;
  must(await request(p, "markRead", { via: "console", place: "*", read: next }));
  must(await request(p, "markRead", { via: "console", place: "@bob", read: next }));
  await until("the laptop is told", async () => {
    const known = await reads(l);
    return known["*"] === next && known["@bob"] === next;
  });
  // A lower word takes nothing back.
  must(await request(l, "markRead", { via: "console", place: "*", read: last }));
  await say(l, "four");
  await hears(b, "four");
  expect((await reads(l))["*"]).toBe(next);
  expect(kindsAt(b)).not.toContain("self");
  for (const device of [l, p]) {
    expect(kindsAt(device)).toContain("self");
    expect(kindOf("self")).toMatchObject({ silent: true, service: true });
    expect((await lines(device)).map(({ kind }) => kind)).not.toContain("self");
    expect(Object.values(device.store.state.inbox)).toEqual([]);
    // Nothing of it is followed; what waits for the relay is shown as long as it waits.
    await until("nothing is on its way", async () => must(await request(device, "status", {})).events.length === 0);
  }
});

test("a device that was away is given what was read meanwhile, when those who read it are the only ones who know [DEVICE-14]", async () => {
  await using relay = await openRelay(0, 1);
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await link(laptop, phone, relay.port);
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  await say(b, "one");
  await hears(l, "one");
  const read = (await lines(l)).at(-1)!.stamp!;
  must(await request(l, "markRead", { via: "console", place: "*", read }));
  for (let n = 0; n < 3; n += 1) await say(b, `talk ${n}`);
  await hears(l, "talk 2");
  await using p = await phone.open(relay.port, {}, { person: true });
  await until("the phone is told", async () => (await reads(p))["*"] === read);
});

test("a channel that was read on one device is read on the other, and what comes then is unread on both [DEVICE-15]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  await using p = await phone.open(relay.port, {}, { person: homeOf(laptop) });
  await until("both are here", () => b.room.members.get("alice")?.devices?.length === 2);
  for (const one of [l, p, b]) must(await request(one, "channel", { via: "cli", act: "join", channel: "build" }));
  await until("all are in it", () => b.room.members.get("alice")?.channels?.includes("build") === true);
  await until(
    "both devices are here",
    () =>
      b.room.members
        .get("alice")
        ?.devices?.every(({ key }) => l.room.members.device("alice", key)?.channels?.includes("build") === true) ===
      true,
  );
  const unread = (device: Member): number =>
    device.room.channels.list().find(({ name }) => name === "build")?.unread ?? 0;
  await say(b, "green", "build");
  await until("it is unread on both", () => unread(l) === 1 && unread(p) === 1);
  must(await request(l, "history", { via: "console", limit: 10, channel: "build" }));
  await until("it is read on both", () => unread(l) === 0 && unread(p) === 0);
  await say(b, "red", "build");
  await until("the next is unread on both", () => unread(l) === 1 && unread(p) === 1);
});

test("who joins a channel on one device, or leaves it, does so on the others, also on one that was away [DEVICE-16]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await link(laptop, phone, relay.port);
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  const go = async (one: Member, act: "join" | "leave", channel: string): Promise<void> => {
    must(await request(one, "channel", { via: "cli", act, channel }));
  };
  const isIn = (one: Member, channel: string): boolean => one.room.channels.isIn(channel);
  const isShown = (channel: string): boolean => b.room.members.get("alice")?.channels?.includes(channel) === true;
  await until("bob sees her", () => b.room.members.isHere("alice"));
  await go(l, "join", "build");
  await until("bob sees the channel", () => isShown("build"));
  await go(b, "join", "build");
  {
    await using p = await phone.open(relay.port, {}, { person: true });
    await until("the phone is in it", () => isIn(p, "build"));
    await until(
      "the phone can be told",
      () => b.room.members.get("alice")?.devices?.every(({ channels }) => channels?.includes("build")) === true,
    );
    await say(b, "green", "build");
    await until("both hear it", async () =>
      (await Promise.all([l, p].map((one) => lines(one, "build")))).every((all) =>
        all.some(({ text }) => text === "green"),
      ),
    );
    await go(p, "join", "web");
    await until("the laptop is in it", () => isIn(l, "web"));
    await go(l, "leave", "build");
    await until("the phone has left", () => !isIn(p, "build"));
    await until("bob sees it", () => !isShown("build") && isShown("web"));
  }
  await go(l, "leave", "web");
  await go(l, "join", "news");
  {
    await using p = await phone.open(relay.port, {}, { person: true });
    await until("the phone follows", () => isIn(p, "news") && !isIn(p, "web"));
  }
  await using p = await phone.open(relay.port, {}, { person: true });
  expect([isIn(p, "news"), isIn(p, "web"), isIn(p, "build")]).toEqual([true, false, false]);
  // Of the past only what was said in the channel, by whom, is there: following is no act of its own.
  await until("bob knows these acts, and no others", async () => {
    const acts = (await lines(b, "build")).filter(({ kind }) => kind === "channel");
    const told = acts.map(({ author, text }) => `${author} ${text}`).toSorted();
    return told.join() === "alice left,alice opened the channel,bob joined";
  });
});
