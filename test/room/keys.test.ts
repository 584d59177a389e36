// Whose key it is, told in a room: persons with roots and devices, newcomers, and members who know nothing of that.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { findHome, type Home, personKeys } from "@agora/user-config";
import { DEFAULT_LIMITS } from "@agora/protocol";
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
const say = async ({ room }: Member, text: string): Promise<void> => {
  must(await request({ room }, "say", { via: "cli", to: [], text }));
};
const heard = ({ store }: Member): string[] =>
  [...store.history.from(0)].flatMap(({ value }) => ("text" in value && value.kind === "message" ? [value.text] : []));
const rootAt = async (from: Place, port: number): Promise<string> =>
  must(await personKeys(homeOf(from), { origin: `ws://127.0.0.1:${port}`, room: "lobby" }, "x")).root!.key;

test("the root of who is here is known from presence, that of who is away from healing, whatever its age [KEYCHAIN-7] [KEYCHAIN-8] [HEAL-8]", async () => {
  await using relay = await openRelay(0, 2_000, undefined, { limits: { ...DEFAULT_LIMITS, history: 0 } });
  const [alice, bob, carol] = [place("alice"), place("bob"), place("carol")];
  const hers = await rootAt(alice, relay.port);
  {
    await using a = await alice.open(relay.port, {}, { person: true });
    await using b = await bob.open(relay.port, {}, { person: true });
    await until("it is known", () => b.pins.get("alice")?.root === hers);
    await until("it is known", () => a.pins.get("bob")?.root !== undefined);
    expect(a.pins.get("bob")?.root).toBe(await rootAt(bob, relay.port));
  }
  await using b = await bob.open(relay.port, {}, { person: true });
  await using c = await carol.open(relay.port, {}, { person: true });
  // Of what was said before it is given nothing, and yet it knows whose key the absent one's is.
  await until("it is known", () => Object.values(c.store.state.keys).some(({ claims }) => claims.by === hers));
  await say(b, "hello");
  await until("it is known", () => heard(c).includes("hello"));
});

test("another key of the same person is taken without a question, a stranger's is not [KEYCHAIN-7] [PIN-1]", async () => {
  await using relay = await openRelay();
  const [laptop, desk, thief, bob] = [place("alice"), place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  {
    await using a = await laptop.open(relay.port, {}, { person: true });
    await say(a, "from the laptop");
    await until("it is known", () => heard(b).includes("from the laptop"));
    await until("it is known", () => b.pins.get("alice")?.root !== undefined);
  }
  const before = b.pins.get("alice")!;
  {
    await using t = await thief.open(relay.port, {}, { person: true });
    await say(t, "from a stranger");
    await until("it is known", () => b.room.sentences().some((s) => s.includes("speaks with another key")));
    expect(b.pins.get("alice")).toMatchObject({ key: before.key, root: before.root });
  }
  await link(laptop, desk, relay.port, "desk");
  await using d = await desk.open(relay.port, {}, { person: true });
  await say(d, "from the desk");
  await until("it is known", () => heard(b).includes("from the desk"));
  await until("it is known", () => b.pins.get("alice")?.key === d.room.myKey);
  expect(b.pins.get("alice")?.root).toBe(before.root);
  expect(b.room.sentences().join("\n")).toContain("@alice speaks from another device now: desk.");
  expect(b.room.sentences().join("\n")).not.toContain("speaks with another key");
  expect(heard(b)).toEqual(["from the laptop", "from the desk"]);
});

test("that a name speaks from a device is told once, also after a restart, and not of the first one [KEYCHAIN-7]", async () => {
  await using relay = await openRelay();
  const [laptop, desk, bob] = [place("alice"), place("alice"), place("bob")];
  await link(laptop, desk, relay.port, "desk");
  const told = (b: Member): readonly string[] => b.room.sentences().filter((s) => s.includes("another device"));
  const seen = async (b: Member, device: Place): Promise<void> => {
    await using a = await device.open(relay.port, {}, { person: true });
    await until("the name is that of the key that is here", () => b.pins.get("alice")?.key === a.room.myKey);
    await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  };
  {
    await using b = await bob.open(relay.port, {}, { person: true });
    await seen(b, laptop);
    await seen(b, desk);
    await until("it is told", () => told(b).length > 0);
    expect(told(b)).toEqual(["@alice speaks from another device now: desk."]);
    await seen(b, laptop);
    expect(told(b)).toEqual(["@alice speaks from another device now: desk."]);
  }
  await using b = await bob.open(relay.port, {}, { person: true });
  await seen(b, desk);
  await seen(b, laptop);
  expect(told(b)).toEqual([]);
});

test("a member without statements is what it was, and nobody is shown a statement [KEYCHAIN-3]", async () => {
  await using relay = await openRelay();
  const [alice, bob] = [place("alice"), place("bob")];
  await using a = await alice.open(relay.port, {}, { person: true });
  await using b = await bob.open(relay.port);
  await say(a, "one");
  await say(b, "two");
  await until("it is known", () => heard(a).includes("two") && heard(b).includes("one"));
  expect(a.pins.get("bob")).toMatchObject({ key: b.room.myKey });
  expect(a.pins.get("bob")?.root).toBeUndefined();
  const shown = must(await request(b, "history", { via: "cli", limit: 50 }));
  expect(JSON.stringify(shown)).not.toContain("agora-key");
});

test("each statement is told to the room once, also after a restart [KEYCHAIN-9]", async () => {
  await using relay = await openRelay();
  const [alice, bob] = [place("alice"), place("bob")];
  await using b = await bob.open(relay.port);
  const told = (): number =>
    [...b.store.history.from(0)].filter(({ value }) => "kind" in value && value.kind === "key").length;
  for (let start = 0; start < 3; start += 1) {
    await using a = await alice.open(relay.port, {}, { person: true });
    await say(a, `start ${start}`);
    await until("it is known", () => heard(b).includes(`start ${start}`));
  }
  expect(told()).toBe(2);
});

test("what only persons say is not taken from an agent's key [KEYCHAIN-10]", async () => {
  await using relay = await openRelay();
  const [agent, bob] = [place("helper"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  await using a = await agent.open(relay.port, {}, { person: true, as: "agent" });
  await until("its chain is known", () => b.pins.get("helper")?.root !== undefined);
  await say(a, "as a person");
  const asAgent = { via: "cli" as const, to: [], text: "as an agent", asAgent: true };
  must(await request(a, "say", asAgent));
  await until("the agent is heard", () => heard(b).includes("as an agent"));
  expect(heard(b)).toEqual(["as an agent"]);
});

test("what a root or a device key says itself is not taken, and counts no more where that is known later [KEYCHAIN-3]", async () => {
  await using relay = await openRelay();
  const [alice, bob] = [place("alice"), place("bob")];
  const keys = must(await personKeys(homeOf(alice), { origin: `ws://127.0.0.1:${relay.port}`, room: "lobby" }, "x"));
  const counts = async (b: Member): Promise<string[]> =>
    must(await request(b, "history", { via: "cli", limit: 50 })).lines.flatMap(({ text, withheld }) =>
      withheld === undefined ? [text] : [],
    );
  await using b = await bob.open(relay.port, {}, { person: true });
  for (const [name, pair] of [
    ["eve", keys.root!],
    ["mallory", keys.device],
  ] as const) {
    const elsewhere = place(name);
    {
      // Nobody knows yet what that key is for.
      await using e = await elsewhere.open(relay.port, {}, { pair });
      await say(e, `from ${name}`);
      await until("it is heard", () => heard(b).includes(`from ${name}`));
    }
  }
  await until("both have left", () => ["eve", "mallory"].every((name) => !b.room.members.isHere(name)));
  await using a = await alice.open(relay.port, {}, { person: true });
  await say(a, "from a member key");
  await until("it counts no more", async () => (await counts(b)).join() === "from a member key");
  const again = place("mallory");
  await using e = await again.open(relay.port, {}, { pair: keys.device });
  await say(e, "once more");
  await until("the relay has it", () => Object.values(e.store.state.outbox).every(({ state }) => state !== "queued"));
  await say(a, "the end");
  await until("all is heard", () => heard(b).includes("the end"));
  expect(heard(b)).not.toContain("once more");
});

test("another root is said aloud, and not kept, until a person decides [KEYCHAIN-7]", async () => {
  await using relay = await openRelay();
  const [alice, other, bob] = [place("alice"), place("other"), place("bob")];
  {
    await using b = await bob.open(relay.port, {}, { person: true });
    await using a = await alice.open(relay.port, {}, { person: true });
    await say(a, "one");
    await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  }
  // What certified her key is forgotten, and only bob's pin is left of it.
  for (const { dir } of [alice, bob]) rmSync(join(dir, "project", ".agora"), { recursive: true });
  await using b = await bob.open(relay.port, {}, { person: true });
  const kept = b.pins.get("alice")!.root;
  await using a = await alice.open(relay.port, {}, { person: homeOf(other) });
  await until("it is said", () => b.room.sentences().some((sentence) => sentence.includes("another root key")));
  await until("it is here", () => b.room.members.get("alice") !== undefined);
  expect(b.pins.get("alice")?.root).toBe(kept);
  await until("alice is listed", () => b.room.members.get("alice")?.key === a.room.myKey);
  must(await request(b, "trust", { via: "cli", name: "alice" }));
  expect(b.pins.get("alice")).toMatchObject({ key: a.room.myKey, root: await rootAt(other, relay.port) });
  expect(b.room.sentences().join("\n")).not.toContain("another root key");
});

test("that a person was compared survives another device, and ends with another root [KEYCHAIN-11]", async () => {
  await using relay = await openRelay();
  const [alice, desk, other, bob] = [place("alice"), place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  const isVerified = (): boolean | undefined => b.room.members.list().find(({ name }) => name === "alice")?.verified;
  {
    await using a = await alice.open(relay.port, {}, { person: true });
    await until("each knows the other's root", () => Boolean(b.pins.get("alice")?.root && a.pins.get("bob")?.root));
    const mine = must(await request(a, "compare", { name: "bob" }));
    const theirs = must(await request(b, "compare", { name: "alice" }));
    expect([mine.root, mine.ownRoot, mine.verified]).toEqual([theirs.ownRoot, theirs.root, false]);
    must(await request(b, "compared", { via: "cli", name: "alice" }));
    expect(isVerified()).toBe(true);
  }
  {
    await using d = await desk.open(relay.port, {}, { person: homeOf(alice) });
    await until("the desk is hers", () => b.pins.get("alice")?.key === d.room.myKey);
    expect(isVerified()).toBe(true);
  }
  await using o = await other.open(relay.port, {}, { person: true });
  await until("the other is here", () => b.room.members.get("alice")?.key === o.room.myKey);
  must(await request(b, "trust", { via: "cli", name: "alice" }));
  await until("the other's root is known", () => b.pins.get("alice")?.root !== undefined);
  expect(isVerified()).toBeUndefined();
  expect(await request(b, "compared", { via: "tool", name: "alice" })).toMatchObject({ code: "not-allowed" });
});
