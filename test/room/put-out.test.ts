// A device that its person revokes: it leaves and says so, and the relay closes one that takes no word of it.
import { join } from "node:path";
import { openPerson } from "@agora/daemon";
import { findHome, keyPair } from "@agora/user-config";
import { readStatement } from "@agora/protocol";
import { createLink, type SessionState } from "@agora/link";
import { createDial, createSigner, createVerifier, silentLog, systemClock } from "@agora/ports";
import type { Relay } from "@agora/relay";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PATIENCE_MS } from "../wait-until.ts";
import { makePlace, type Member, must, openRelay, type Place, request, TOKEN, until } from "./fixture.ts";
import { link } from "./link-device.ts";

let relay: Relay;
let place: Place;
let alice: Member;

beforeEach(async () => {
  relay = await openRelay();
  place = makePlace("alice");
  alice = await openAlice();
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  await relay.close();
  place.remove();
});

async function openAlice(): Promise<Member> {
  const member = await place.open(relay.port, {}, { person: true });
  await until("alice is in", () => member.room.connection().state === "joined");
  return member;
}

test("a device that is revoked leaves at once, says so in a sentence, and stays out [LINKING-5]", async () => {
  const phone = makePlace("alice");
  try {
    await link(place, phone, relay.port, "phone");
    await alice[Symbol.asyncDispose]();
    alice = await openAlice();
    const away = await phone.open(relay.port, {}, { person: true });
    const isHere = async () =>
      must(await request(alice, "devices", {})).devices.find(({ name }) => name === "phone")?.here === true;
    await until("both are here", isHere);
    const { devices: all } = must(await request(alice, "devices", {}));
    const { id } = all.find(({ name }) => name === "phone")!;
    must(await request(alice, "device", { via: "cli", act: "revoke", id }));
    const reason = (): string => away.room.connection().reason ?? "";
    await until("it says so", () => reason().startsWith("This device was revoked from another one of yours"));
    expect(away.room.connection().state).toBe("refused");
    await until("it has left", async () => !(await isHere()));
    await until("alice is back", () => alice.room.connection().state === "joined");
    await away[Symbol.asyncDispose]();
    await using again = await phone.open(relay.port, {}, { person: true });
    expect(again.room.connection()).toMatchObject({ state: "refused" });
  } finally {
    phone.remove();
  }
});

test("a device whose client takes no word of it is closed by the relay [DEVICE-2]", async () => {
  const phone = makePlace("alice");
  try {
    await link(place, phone, relay.port, "phone");
    await alice[Symbol.asyncDispose]();
    alice = await openAlice();
    const deaf = await openDeaf(phone);
    const isHere = () => alice.room.members.get("alice")?.devices?.some(({ key }) => key === deaf.key) === true;
    await until("both are here", isHere);
    const { devices: all } = must(await request(alice, "devices", {}));
    const { id } = all.find(({ name }) => name === "phone")!;
    must(await request(alice, "device", { via: "cli", act: "revoke", id }));
    await until("it is closed", () => deaf.state().at === "waiting");
    expect(deaf.state()).toMatchObject({ why: { name: "name-taken" } });
    deaf.stop();
  } finally {
    phone.remove();
  }
});

/** A client that shows whose it is and understands nothing: a thief's. */
async function openDeaf(phone: Place): Promise<{ readonly key: string; state(): SessionState; stop(): void }> {
  const home = findHome({ AGORA_HOME: join(phone.dir, "home") });
  const at = { origin: `ws://127.0.0.1:${relay.port}`, room: "lobby", name: "alice" };
  const pair = must(await keyPair(home, at));
  const person = must(await openPerson(home, { ...at, as: "member", sharesHost: false }, pair));
  const link = createLink({
    url: at.origin,
    identity: { ...at, token: TOKEN, client: "thief", signer: createSigner(pair), verifier: createVerifier() },
    dial: createDial({ maxFrameBytes: 32 * 1024 * 1024, handshakeTimeoutMs: PATIENCE_MS }),
    ...{ clock: systemClock, log: silentLog, random: Math.random },
    around: () => ({
      after: "0-0",
      facts: { kind: "person", mode: "manual", seats: [] },
      controls: [],
      chain: person.statements(),
    }),
    events: { joined: () => undefined, room: () => undefined, chunk: () => undefined, state: () => undefined },
  });
  link.start();
  return { key: pair.key, state: () => link.state, stop: () => link.stop() };
}

test("whom a revoked device spoke with alone is told up to where that counts before the room hears that it is revoked [KEYCHAIN-4]", async () => {
  const [phone, bob] = [makePlace("alice"), makePlace("bob")];
  try {
    await link(place, phone, relay.port, "phone");
    await alice[Symbol.asyncDispose]();
    alice = await openAlice();
    await using b = await bob.open(relay.port, {}, { person: true });
    await using p = await phone.open(relay.port, {}, { person: true });
    await until("bob is here for the phone", () => p.room.members.isHere("bob"));
    const { id } = must(await request(p, "say", { via: "cli", to: ["bob"], text: "for bob" }));
    const has = ({ store }: Member): boolean =>
      [...store.history.from(0)].some(({ value }) => "id" in value && value.id === id);
    await until("the laptop knows of it", () => has(alice) && has(b));
    const { devices } = must(await request(alice, "devices", {}));
    const device = devices.find(({ name }) => name === "phone")!;
    must(await request(alice, "device", { via: "cli", act: "revoke", id: device.id }));
    const ends = (): string[] =>
      [...b.store.history.from(0)].flatMap(({ value }) => {
        const claims = "kind" in value && value.kind === "key" ? readStatement(value.body ?? value.text) : undefined;
        return claims?.act === "revoke" ? [claims.last.map(({ audience }) => audience).join()] : [];
      });
    await until("bob is told of the member key and of the device", () => ends().length >= 3);
    expect(ends()).toEqual(["*,@bob", "*", ""]);
  } finally {
    phone.remove();
    bob.remove();
  }
});
