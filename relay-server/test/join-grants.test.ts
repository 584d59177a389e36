// [GRANT-*]: by which token or grant somebody comes into a room, and how long that holds.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVerifier, generateKeyPair } from "@agora/ports";
import { manualClock } from "@agora/ports/testing";
import { HEARTBEAT_MS, MAY, openGrant } from "@agora/protocol";
import { expect, test } from "vitest";
import { grant, openRelay, RawMember, TOKEN } from "./raw-member.ts";

test("a grant gives its role, to its name and key only [GRANT-2]", async () => {
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]) });
  const pair = generateKeyPair();
  const operator = grant(root, { room: "lobby", grant: "operator", sub: "alice", key: pair.key });
  using alice = await RawMember.join(relay, { name: "alice", pair }, { token: operator });
  expect(alice.entered.grant).toBe("operator");
  // The shared token still works in a room with a root key.
  using bob = await RawMember.join(relay, { name: "bob" });
  expect(bob.entered.grant).toBe("member");

  const now = Math.floor(Date.now() / 1000);
  const refused = {
    "another name": grant(root, { room: "lobby", sub: "dora" }),
    "another key": grant(root, { room: "lobby", key: pair.key }),
    "the room": grant(root, { room: "elsewhere" }),
    "has expired": grant(root, { room: "lobby", exp: now - 61 }),
    "root key": grant(generateKeyPair(), { room: "lobby" }),
    "properly handed down": grant(root, { room: "lobby", jti: "short" }),
    "begins later": grant(root, { room: "lobby", iat: now + 120 }), // [GRANT-3]
  };
  for (const [why, token] of Object.entries(refused)) {
    using carol = await RawMember.open(relay, { name: "carol" });
    carol.send({ type: "join", room: "lobby", token });
    const end = await carol.closed;
    expect([end.code, end.reason]).toEqual([1008, expect.stringContaining(why)]);
  }
  using carol = await RawMember.join(
    relay,
    { name: "carol" },
    { token: grant(root, { room: "lobby", exp: now - 30 }) },
  );
  expect(carol.entered.grant).toBe("member"); // [GRANT-3]: clocks differ
});

test("an operator's grant that names no key makes a member, whoever brings it [CONTROL-2]", async () => {
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]) });
  const token = grant(root, { room: "lobby", grant: "operator" });
  using mallory = await RawMember.join(relay, { name: "mallory" }, { token });
  expect(mallory.entered).toMatchObject({ grant: "member", members: [{ name: "mallory", grant: "member" }] });
  using bob = await RawMember.join(relay, { name: "bob" }, { grant: token });
  expect(bob.entered.grant).toBe("member");
});

test("a token of the relay's stands for a grant that its key signs; with another token it ends [GRANT-6]", async () => {
  const relayKey = generateKeyPair();
  const pair = generateKeyPair();
  const given = async (operatorToken: string, token: string) => {
    await using relay = await openRelay({ relayKey, operatorToken });
    using olga = await RawMember.join(relay, { name: "olga", pair }, { token });
    return olga.entered;
  };
  const first = await given("the-operators", "the-operators");
  expect(first.grant).toBe("operator");
  const opened = openGrant(first.grantToken!, relayKey.key, createVerifier(), Date.now());
  expect(opened).toMatchObject({ value: { grant: "operator", room: "lobby", sub: "olga", key: pair.key } });
  expect((await given("the-operators", first.grantToken!)).grant).toBe("operator");
  await expect(given("another", first.grantToken!)).rejects.toThrow(/connection ended/);
  expect((await given("another", TOKEN)).grantToken).toBeUndefined();
});

test("a grant that expires while its member is here ends the connection [GRANT-4]", async () => {
  const clock = manualClock(Date.now());
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]) }, { clock });
  const token = grant(root, { room: "lobby", exp: Math.floor(Date.now() / 1000) + 10 });
  using alice = await RawMember.join(relay, { name: "alice" }, { token });
  clock.advance(HEARTBEAT_MS);
  expect((await alice.say("still here")).type).toBe("stamped");
  clock.advance(2 * HEARTBEAT_MS);
  expect((await alice.closed).code).toBe(1008);
});

test("an operator's grant lets others in; with it ends what was handed down from it [GRANT-9]", async () => {
  const root = generateKeyPair();
  const olga = generateKeyPair();
  const folder = mkdtempSync(join(tmpdir(), "revoked-"));
  const revokedFile = join(folder, "revoked");
  writeFileSync(revokedFile, "");
  const rooms = new Map([["lobby", root.key]]);
  await using relay = await openRelay({ rooms, grantsOnly: true, revokedFile });
  const given = grant(root, { room: "lobby", grant: "operator", key: olga.key, may: [...MAY], jti: "grant-of-olga" });
  const pair = generateKeyPair();
  const bobs = grant(olga, { room: "lobby", sub: "bob", key: pair.key, parent: given });
  using bob = await RawMember.join(relay, { name: "bob", pair }, { token: bobs });
  expect(bob.entered.grant).toBe("member");
  const refused = {
    "properly handed down": grant(pair, { room: "lobby", parent: bobs }),
    "another key": bobs,
  };
  for (const [why, token] of Object.entries(refused)) {
    using mallory = await RawMember.open(relay, { name: "bob2" });
    mallory.send({ type: "join", room: "lobby", token });
    expect((await mallory.closed).reason).toContain(why === "another key" ? "another name" : why);
  }
  writeFileSync(revokedFile, "grant-of-olga\n");
  relay.reload();
  expect((await bob.closed).code).toBe(1008);
  using again = await RawMember.open(relay, { name: "bob", pair });
  again.send({ type: "join", room: "lobby", token: bobs });
  expect((await again.closed).reason).toContain("revoked");
  rmSync(folder, { recursive: true });
});

test("who comes with the operator's token of the relay may hand down, too [GRANT-6] [GRANT-9]", async () => {
  const relayKey = generateKeyPair();
  const pair = generateKeyPair();
  const bobs = generateKeyPair();
  let given = "";
  {
    await using relay = await openRelay({ relayKey, operatorToken: "the-operators" });
    using olga = await RawMember.join(relay, { name: "olga", pair }, { token: "the-operators" });
    const exp = Math.floor(Date.now() / 1_000) + 3_600;
    given = grant(pair, { room: "lobby", sub: "bob", key: bobs.key, parent: olga.entered.grantToken!, exp });
    using bob = await RawMember.join(relay, { name: "bob", pair: bobs }, { token: given });
    expect(bob.entered.grant).toBe("member");
  }
  await using relay = await openRelay({ relayKey, operatorToken: "another" });
  using bob = await RawMember.open(relay, { name: "bob", pair: bobs });
  bob.send({ type: "join", room: "lobby", token: given });
  expect((await bob.closed).reason).toContain("another now");
});

test("with grants only, the token opens nothing and other rooms are unknown", async () => {
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]), grantsOnly: true });
  using alice = await RawMember.open(relay, { name: "alice" });
  alice.send({ type: "join", room: "lobby", token: TOKEN });
  expect((await alice.closed).code).toBe(1008);
  using bob = await RawMember.open(relay, { name: "bob" });
  bob.send({ type: "join", room: "other", token: TOKEN });
  expect((await bob.closed).code).toBe(4014);
});
