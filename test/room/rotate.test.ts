// A device gets another key to sign with: who knows its person follows, what is on its way arrives, and a death in between leaves the
// old key whole, or the new one. [KEYCHAIN-12]
import { join } from "node:path";
import { findHome, type Home, keyPair, type MemberKey } from "@agora/user-config";
import type { DevicesResult } from "@agora/ipc";
import { readStatement } from "@agora/protocol";
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
const keyAt = async (of: Place, port: number): Promise<MemberKey> =>
  must(await keyPair(homeOf(of), { origin: `ws://127.0.0.1:${port}`, room: "lobby", name: of.name }));
const say = async ({ room }: Pick<Member, "room">, text: string, to: string[] = []): Promise<void> => {
  must(await request({ room }, "say", { via: "cli", to, text }));
};
const rotate = (member: Member): ReturnType<typeof request<"device">> =>
  request(member, "device", { via: "cli", act: "rotate" });
const isAtRelay = ({ store }: Member): boolean =>
  Object.values(store.state.outbox).every(({ state }) => state !== "queued");
/** What counts of what was said, as a person sees it. */
const counts = async (member: Member): Promise<string[]> =>
  must(await request(member, "history", { via: "cli", limit: 100 })).lines.flatMap(({ text, kind, withheld }) =>
    withheld === undefined && kind === "message" ? [text] : [],
  );
const hears = (who: string, member: Member, text: string): Promise<unknown> =>
  until(`${who} hears ${text}`, async () => (await counts(member)).includes(text));

test("a device's new key is followed without a question, and what the old one said counts and arrives [KEYCHAIN-12]", async () => {
  await using relay = await openRelay();
  const [alice, bob, carol] = [place("alice"), place("bob"), place("carol")];
  await using c = await carol.open(relay.port, {}, { person: true });
  {
    await using b = await bob.open(relay.port, {}, { person: true });
    await using a = await alice.open(relay.port, {}, { person: true });
    await until("all know each other", () =>
      [a, b, c].every(({ pins }) => ["alice", "bob", "carol"].filter((name) => pins.get(name)?.root).length === 2),
    );
    await say(a, "to all");
    await say(a, "to bob", ["bob"]);
    await hears("bob", b, "to bob");
  }
  const before = await keyAt(alice, relay.port);
  const root = c.pins.get("alice")!.root;
  {
    await using a = await alice.open(relay.port, {}, { person: true });
    await say(a, "to bob who is away", ["bob"]);
    await until("the relay has it", () => isAtRelay(a));
    must(await rotate(a));
    // Nothing more is said with a key that is going.
    expect(await request(a, "say", { via: "cli", to: [], text: "too late" })).toMatchObject({ code: "disk" });
    expect(await rotate(a)).toMatchObject({ ok: false });
  }
  expect((await keyAt(alice, relay.port)).key).not.toBe(before.key);
  await using a = await alice.open(relay.port, {}, { person: true });
  expect(a.room.myKey).toBe((await keyAt(alice, relay.port)).key);
  await say(a, "with the new key");
  await hears("carol", c, "with the new key");
  await until("carol goes by the new key", () => c.pins.get("alice")?.key === a.room.myKey);
  await using b = await bob.open(relay.port, {}, { person: true });
  for (const text of ["to all", "to bob", "to bob who is away", "with the new key"]) await hears("bob", b, text);
  await until("bob goes by the new key", () => b.pins.get("alice")?.key === a.room.myKey);
  await until("it arrived", () =>
    Object.values(a.store.state.outbox).every(({ recipients }) =>
      Object.values(recipients).every(({ state }) => state !== "queued"),
    ),
  );
  await say(b, "to alice", ["alice"]);
  await until("she is given it", () => Object.values(a.store.state.inbox).length === 1);
  for (const { pins, room } of [b, c]) {
    expect(pins.get("alice")).toMatchObject({ key: a.room.myKey, root });
    expect(room.sentences().join("\n")).not.toMatch(/another|trust/);
  }
  expect(await counts(c)).toEqual(["to all", "with the new key"]);
  const devices: DevicesResult = must(await request(a, "devices", {}));
  expect(devices.devices).toMatchObject([{ this: true, members: ["alice"] }]);
});

test("nobody who has the old key says anything with it any more [KEYCHAIN-12]", async () => {
  await using relay = await openRelay();
  const [alice, thief, bob] = [place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  const stolen = await keyAt(alice, relay.port);
  {
    await using a = await alice.open(relay.port, {}, { person: true });
    await say(a, "hers");
    await hears("bob", b, "hers");
    await until("the relay has all", () => isAtRelay(a));
    must(await rotate(a));
  }
  {
    await using a = await alice.open(relay.port, {}, { person: true });
    await say(a, "hers again");
    await hears("bob", b, "hers again");
  }
  await using t = await thief.open(relay.port, {}, { pair: stolen });
  await until("bob is here for the thief", () => t.room.members.isHere("bob"));
  await say(t, "not hers");
  await say(t, "not hers, to bob", ["bob"]);
  await until("the relay passed it on", () => isAtRelay(t));
  await say(b, "to all");
  await hears("the thief", t, "to all");
  expect(await counts(b)).toEqual(["hers", "hers again", "to all"]);
});

test("a death before the new key is kept leaves the old one, and one after it the new one, which tells what was not told [KEYCHAIN-12]", async () => {
  await using relay = await openRelay();
  const [alice, bob] = [place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  const old = await keyAt(alice, relay.port);
  {
    await using a = await alice.open(relay.port, {}, { person: true });
    await say(a, "one");
    a.crash(); // it was about to: nothing is kept of that but in the one file
  }
  {
    await using a = await alice.open(relay.port, {}, { person: true });
    expect(a.room.myKey).toBe(old.key);
    await say(a, "two");
    await hears("bob", b, "two");
    await until("the relay has all", () => isAtRelay(a));
    must(await rotate(a));
    a.crash();
  }
  for (const text of ["three", "four"]) {
    await using a = await alice.open(relay.port, {}, { person: true });
    expect(a.room.myKey).not.toBe(old.key);
    await say(a, text);
    await hears("bob", b, text);
    await until("the relay has all", () => isAtRelay(a));
    await say(a, `behind ${text}`);
    await hears("bob", b, `behind ${text}`);
    const told = [...b.store.history.from(0)].filter(({ value }) => {
      const claims = "kind" in value && value.kind === "key" ? readStatement(value.body ?? value.text) : undefined;
      return claims?.act === "revoke" && claims.key === old.key;
    });
    expect(told).toHaveLength(1);
  }
  expect(await counts(b)).toEqual(["one", "two", "three", "behind three", "four", "behind four"]);
});

test("a key is replaced on a device without the root, and what it asked is answered to it [KEYCHAIN-12]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob] = [place("alice"), place("alice"), place("bob")];
  await link(laptop, phone, relay.port);
  await using b = await bob.open(relay.port, {}, { person: true });
  await using l = await laptop.open(relay.port, {}, { person: true });
  {
    await using p = await phone.open(relay.port, {}, { person: true });
    await until("bob is here for her", () => p.room.members.isHere("bob"));
    const asked = { via: "cli" as const, to: ["bob"], text: "tea or coffee?", pick: "text" as const };
    must(await request(p, "ask", asked));
    await until("bob is asked", () => Object.values(b.store.state.inbox).length === 1);
    await until("the relay has all", () => isAtRelay(p));
    must(await rotate(p));
  }
  await using p = await phone.open(relay.port, {}, { person: true });
  await until("bob knows the new key", () => b.pins.get("alice")?.root !== undefined && p.room.members.isHere("bob"));
  const [question] = Object.values(b.store.state.inbox);
  must(await request(b, "answer", { via: "cli", question: question!.id, text: "tea" }));
  await until("it is answered", async () =>
    must(await request(p, "questions", { via: "cli" })).lately.some(
      ({ mine, answer }) => mine && answer?.words === '"tea"',
    ),
  );
  await say(l, "both are here");
  await hears("the phone", p, "both are here");
});
