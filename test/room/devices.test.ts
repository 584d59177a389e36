// What a person decides about the own devices: renamed, revoked, and all renewed by the recovery words.
import { join } from "node:path";
import { findHome, type Home, keyPair, renewPerson } from "@agora/user-config";
import type { DevicesResult } from "@agora/ipc";
import { createDial, createVerifier, type Dial, generateKeyPair, keyPairOf } from "@agora/ports";
import { CLOSE_CODES } from "@agora/protocol";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { type Member, makePlace, must, openRelay, type Place, request, until } from "./fixture.ts";
import { PATIENCE_MS } from "../wait-until.ts";
import { link } from "./link-device.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

/** A thief's client: it heeds no word about keys. */
const heedless: Dial = (url, events) =>
  createDial({ maxFrameBytes: 32 * 1024 * 1024, handshakeTimeoutMs: PATIENCE_MS })(url, {
    ...events,
    text: (frame) => frame.includes('\\"kind\\":\\"key\\"') || events.text(frame),
  });
const REFUSING = { refusal: CLOSE_CODES.nameTaken.code };
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
const say = async ({ room }: Member, text: string, to: string[] = []): Promise<void> => {
  must(await request({ room }, "say", { via: "cli", to, text }));
};
const heard = ({ store }: Member): string[] =>
  [...store.history.from(0)].flatMap(({ value }) => ("text" in value && value.kind === "message" ? [value.text] : []));
const devices = async (member: Member): Promise<DevicesResult> => must(await request(member, "devices", {}));

test("a revoked device says nothing more to anybody, what it said before stays, and the person's other device goes on [KEYCHAIN-4]", async () => {
  await using relay = await openRelay();
  const [laptop, phone, bob, carol] = [place("alice"), place("alice"), place("bob"), place("carol")];
  await link(laptop, phone, relay.port);
  await using b = await bob.open(relay.port, {}, { person: true });
  {
    await using p = await phone.open(relay.port, {}, { person: true });
    await until("bob is here for her", () => p.room.members.isHere("bob"));
    await say(p, "from the phone");
    await say(p, "for bob", ["bob"]);
    await until("both are heard", () => heard(b).includes("from the phone") && heard(b).includes("for bob"));
  }
  {
    await using l = await laptop.open(relay.port, {}, { person: true });
    await until("the phone is known", async () => (await devices(l)).devices.length === 2);
    await until("its words are known", () => heard(l).includes("from the phone"));
    const before = await devices(l);
    expect(before).toMatchObject({ hasRoot: true, hasWords: false });
    expect(before.devices.map(({ name, members }) => [name, members])).toContainEqual(["phone", ["alice"]]);
    const { id } = before.devices.find(({ name }) => name === "phone")!;
    expect(await request(l, "device", { via: "cli", act: "rename", id, to: "old phone" })).toMatchObject({ ok: true });
    expect((await devices(l)).devices.find((one) => one.id === id)?.name).toBe("old phone");
    const mine = before.devices.find((one) => one.this === true)!;
    expect(await request(l, "device", { via: "cli", act: "revoke", id: mine.id })).toMatchObject({
      code: "not-allowed",
    });
    must(await request(l, "device", { via: "cli", act: "revoke", id }));
    expect((await devices(l)).devices.find((one) => one.id === id)).toMatchObject({ revoked: true });
    await say(l, "the phone is gone");
    await until("bob hears the laptop", () => heard(b).includes("the phone is gone"));
  }
  await using p = await phone.open(relay.port, {}, { person: true, dial: heedless });
  await using c = await carol.open(relay.port, {}, { person: true });
  await say(p, "from a thief");
  await say(p, "for bob from a thief", ["bob"]);
  await say(b, "did you hear that?");
  await until("carol hears bob", () => heard(c).includes("did you hear that?"));
  await until("the thief's words were passed on", () => heard(p).includes("for bob from a thief"));
  expect(heard(b)).toEqual(["from the phone", "for bob", "the phone is gone", "did you hear that?"]);
  // A newcomer may have heard the thief before it hears of the revocation: then that counts no more.
  const counts = async (): Promise<string[]> =>
    must(await request(c, "history", { via: "cli", limit: 50 })).lines.flatMap(({ text, withheld }) =>
      withheld === undefined ? [text] : [],
    );
  const wanted = ["from the phone", "the phone is gone", "did you hear that?"];
  await until(
    "carol knows what counts",
    async () => (await counts()).toSorted().join("|") === wanted.toSorted().join("|"),
  );
});

test("a stolen device that is in the room is put out at once, and stays out; where the room is forgotten, its owner puts it out [DEVICE-2]", async () => {
  let relay = await openRelay();
  onTestFinished(() => relay[Symbol.asyncDispose]());
  const [laptop, phone, tablet, bob] = [place("alice"), place("alice"), place("alice"), place("bob")];
  await link(laptop, phone, relay.port, "phone");
  await link(laptop, tablet, relay.port, "tablet");
  await using b = await bob.open(relay.port, {}, { person: true });
  await using p = await phone.open(relay.port, {}, { person: true });
  await using t = await tablet.open(relay.port, {}, { person: true, dial: heedless });
  const isOut = (one: Member): boolean => (one.room.connection().reason ?? "").startsWith("This device was revoked");
  const here = (): string[] => (b.room.members.devices("alice") ?? []).map(({ key }) => key).toSorted();
  {
    await using l = await laptop.open(relay.port, {}, { person: true });
    await until("all three are there", async () => here().length === 3 && (await devices(l)).devices.length === 3);
    const { id } = (await devices(l)).devices.find(({ name }) => name === "tablet")!;
    must(await request(l, "device", { via: "cli", act: "revoke", id }));
    const others = [l, p]
      .map(({ room }) => room.myKey)
      .toSorted()
      .join();
    await until("the tablet is out", () => isOut(t) && here().join() === others);
    await until("the phone knows", async () => (await devices(p)).devices.some(({ revoked }) => revoked === true));
    await say(b, "for alice's eyes", ["alice"]);
    await until("both others are told", () => [l, p].every((one) => heard(one).includes("for alice's eyes")));
  }
  await until("the laptop is away", () => here().length === 0);
  await t[Symbol.asyncDispose]();
  await using again = await tablet.open(relay.port, {}, { person: true, dial: heedless });
  await until("the phone keeps it out", () => isOut(again));
  expect(heard(again)).not.toContain("for alice's eyes");
  for (const one of [again, p]) await one[Symbol.asyncDispose]();
  await until("nobody of hers is there", () => !b.room.members.isHere("alice"));
  {
    await using alone = await tablet.open(relay.port, {}, { person: true, dial: heedless });
    await until("the relay keeps it out", () => isOut(alone));
  }
  await relay[Symbol.asyncDispose]();
  relay = await openRelay(relay.port);
  await using alone = await tablet.open(relay.port, {}, { person: true, dial: heedless });
  await until("a relay that knows nothing lets it in", () => alone.room.connection().state === "joined");
  await using back = await laptop.open(relay.port, {}, { person: true });
  await until("its owner takes its place", () => back.room.connection().state === "joined");
  await until("it is out", () => isOut(alone));
});

test("a second device is told when the relay is too old for it, and a single one is not [DEVICE-1]", async () => {
  const [laptop, phone, alone] = [place("alice"), place("alice"), place("alice")];
  await link(laptop, phone, 1, "phone"); // the scripted relay is at port 1, as far as anybody knows
  const reason = async (from: Place, features: readonly string[]): Promise<string> => {
    const relay = new ScriptedRelay();
    relay.features = features;
    relay.refusal = CLOSE_CODES.nameTaken.code;
    await using one = await from.open(1, {}, { person: true, dial: relay.dial });
    await until("it was refused", () => one.room.connection().reason !== undefined);
    return one.room.connection().reason!;
  };
  const tooOld = "this relay is too old to let several devices of one person in";
  expect(await reason(laptop, ["lobby"])).toContain(tooOld);
  expect(await reason(laptop, ["lobby", "devices"])).toContain(CLOSE_CODES.nameTaken.sentence);
  expect(await reason(alone, ["lobby"])).toContain(CLOSE_CODES.nameTaken.sentence);
  await using p = await phone.open(1, {}, { person: true, dial: Object.assign(new ScriptedRelay(), REFUSING).dial });
  expect(await request(p, "ready", { timeoutMs: PATIENCE_MS })).toMatchObject({
    code: "refused",
    message: expect.stringContaining(tooOld),
  });
});

test("the recovery words put a new root in the place of a lost one, the first words alone [KEYCHAIN-5]", async () => {
  await using relay = await openRelay();
  const at = { origin: `ws://127.0.0.1:${relay.port}`, room: "lobby" };
  const [laptop, fresh, bob] = [place("alice"), place("alice"), place("bob")];
  await using b = await bob.open(relay.port, {}, { person: true });
  const recovery = keyPairOf(generateKeyPair().seed);
  const hash = createVerifier().sha256(recovery.key);
  const own = must(await keyPair(homeOf(laptop), { ...at, name: "alice" }));
  {
    await using l = await laptop.open(relay.port, {}, { person: true });
    must(await request(l, "device", { via: "cli", act: "commit", hash }));
    const other = createVerifier().sha256("another");
    expect(await request(l, "device", { via: "cli", act: "commit", hash: other })).toMatchObject({
      code: "not-allowed",
    });
    await say(l, "before the theft");
    await until("bob hears her", () => heard(b).includes("before the theft"));
    await until("her root is known", () => b.pins.get("alice")?.root !== undefined);
  }
  const before = b.pins.get("alice")!;
  expect(before.key).toBe(own.key);
  await using f = await fresh.open(relay.port, {}, { person: true });
  must(await renewPerson(homeOf(fresh), at, recovery, Date.now()));
  must(await request(f, "device", { via: "cli", act: "renewed" }));
  await say(f, "from the new laptop");
  await until("bob hears the new laptop", () => heard(b).includes("from the new laptop"));
  await until("its root is the one that is kept", () => b.pins.get("alice")?.root !== before.root);
  await until("the name is that of the key that is here", () => b.pins.get("alice")?.key === f.room.myKey);
  expect(b.room.sentences().join("\n")).toContain("renewed the root key with the recovery words");
});
