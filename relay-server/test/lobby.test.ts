// [LOBBY-*]: who asks to be let in is no member, says next to nothing, and hears nothing of the room.
import { generateKeyPair, type KeyPair } from "@agora/ports";
import { ADMISSION, CLAIM, type Draft, MAX_KNOCK_BYTES } from "@agora/protocol";
import { expect, test } from "vitest";
import { grant, lobbyGrant, openRelay, RawMember } from "./raw-member.ts";

const root = generateKeyPair();
const rooms = new Map([["lobby", root.key]]);

interface Placed {
  readonly relay: Awaited<ReturnType<typeof openRelay>>;
  readonly olga: RawMember;
  readonly token: string;
}

/** A relay, the member who decides, and an invite of hers. */
async function place(): Promise<Placed> {
  const relay = await openRelay({ rooms });
  const pair = generateKeyPair();
  const olga = await RawMember.join(relay, { name: "olga", pair });
  return { relay, olga, token: lobbyGrant(root, { by: { name: "olga", key: pair.key } }) };
}
const knocker = (
  relay: Placed["relay"],
  token: string,
  { name = "bob", pair = generateKeyPair() }: { name?: string; pair?: KeyPair } = {},
) => RawMember.join(relay, { name, pair }, { token, knock: true });
const claimFor = (who: RawMember, by: RawMember, draft: Partial<Draft> = {}, text = "a claim") =>
  who.seal(text, { kind: "claim", to: [{ member: by.name, key: by.pair.key }], ...draft }, CLAIM);

test("who knocks is nobody in the room, under any name, and is told of nobody but who decides [LOBBY-2]", async () => {
  const { relay, olga, token } = await place();
  await using _ = relay;
  using bob = await knocker(relay, token, { name: "olga" });
  expect(bob.entered).toMatchObject({ lobby: true, grant: "observer", controls: [], stamp: "0-0" });
  expect(bob.entered.members).toEqual([
    { name: "olga", key: olga.pair.key, online: true, since: expect.any(Number) as number },
  ]);
  using carol = await RawMember.join(relay, { name: "carol" });
  expect(carol.entered.members.map(({ name }) => name).sort()).toEqual(["carol", "olga"]);
  await olga.say("for the room alone");
  await carol.say("for olga", { to: [{ member: "olga" }] });
  olga[Symbol.dispose]();
  await bob.sees("olga", false);
  await bob.settled();
  expect(bob.frames).toEqual([]);
});

test("a knock goes to who decides alone, and its answer to who knocked alone [LOBBY-3]", async () => {
  const { relay, olga, token } = await place();
  await using _ = relay;
  using carol = await RawMember.join(relay, { name: "carol" });
  using bob = await knocker(relay, token);
  using other = await knocker(relay, token);
  bob.send({ type: "knock", room: "lobby", event: claimFor(bob, olga) });
  expect((await olga.next("knock")).event.body).toBe("a claim");
  const admission = { kind: "admission", to: [{ member: "bob", key: bob.pair.key }] };
  olga.send({ type: "knock", room: "lobby", event: olga.seal("an answer", admission, ADMISSION) });
  expect((await bob.next("knock")).event.body).toBe("an answer");
  bob.send({ type: "leave", room: "lobby" });
  await bob.settled();
  olga.send({ type: "knock", room: "lobby", event: olga.seal("too late", admission, ADMISSION) });
  expect((await olga.next("refused")).code).toBe("no-such-member");
  await carol.settled();
  await other.settled();
  for (const one of [carol, other])
    expect(one.frames.filter(({ type }) => type === "knock" || type === "event")).toEqual([]);
});

test("nothing else is taken from the lobby, and a knock only while who decides is here [LOBBY-3]", async () => {
  const { relay, olga, token } = await place();
  await using _ = relay;
  using carol = await RawMember.join(relay, { name: "carol" });
  using bob = await knocker(relay, token);
  expect(await bob.say("let me in")).toMatchObject({ type: "refused", code: "not-joined" });
  const wrong = {
    "to another": claimFor(bob, carol),
    "of another": claimFor(carol, olga),
    "another kind": claimFor(bob, olga, { kind: "message" }),
    "an answer": claimFor(bob, olga, { kind: "admission" }),
    "to two": claimFor(bob, olga, {
      to: [{ member: "olga", key: olga.pair.key }, { member: "carol" }],
    }),
    "to the room": claimFor(bob, olga, { to: [] }),
    "without a key": claimFor(bob, olga, { to: [{ member: "olga" }] }),
  };
  for (const [why, event] of Object.entries(wrong)) {
    bob.send({ type: "knock", room: "lobby", event });
    expect([why, (await bob.next("refused")).code]).toEqual([why, "bad-event"]);
  }
  bob.send({ type: "knock", room: "lobby", event: claimFor(bob, olga, {}, "x".repeat(MAX_KNOCK_BYTES)) });
  expect((await bob.next("refused")).code).toBe("too-big");
  carol.send({ type: "knock", room: "lobby", event: claimFor(carol, olga) });
  expect((await carol.next("refused")).code).toBe("bad-event");
  olga[Symbol.dispose]();
  await bob.sees("olga", false);
  bob.send({ type: "knock", room: "lobby", event: claimFor(bob, olga) });
  expect((await bob.next("refused")).code).toBe("no-such-member");
  using again = await RawMember.join(relay, { name: "olga", pair: olga.pair });
  await bob.sees("olga", true);
  for (let n = 0; n < 3; n += 1) {
    bob.send({ type: "knock", room: "lobby", event: claimFor(bob, olga) });
    await again.next("knock");
  }
  bob.send({ type: "knock", room: "lobby", event: claimFor(bob, olga) });
  expect((await bob.next("refused")).code).toBe("rate");
});

test("an invite that names nobody lets nobody in, and a grant of a role is no knock [LOBBY-1] [LOBBY-2]", async () => {
  const { relay, olga, token } = await place();
  await using _ = relay;
  const by = { name: "olga", key: olga.pair.key };
  const now = Math.floor(Date.now() / 1_000);
  const given = grant(root, { room: "lobby", key: olga.pair.key, may: ["observer"], exp: now + 1_000 });
  const refused = [
    { token },
    { token: grant(root, { room: "lobby" }), knock: true as const },
    { token: lobbyGrant(generateKeyPair(), { by }), knock: true as const },
    { token: lobbyGrant(root, { by, exp: now - 100 }), knock: true as const },
    { token: lobbyGrant(root, { by, room: "elsewhere" }), knock: true as const },
    { token: lobbyGrant(root, { by, iat: now + 200 }), knock: true as const },
    { token: lobbyGrant(olga.pair, { by, parent: given }), knock: true as const },
    { token: lobbyGrant(olga.pair, { by, parent: given, gives: "observer", exp: now + 2_000 }), knock: true as const },
  ];
  for (const join of refused) {
    using bob = await RawMember.open(relay, { name: "bob" });
    bob.send({ type: "join", room: "lobby", ...join });
    expect((await bob.closed).code).toBe(1008);
  }
  const handed = lobbyGrant(olga.pair, { by, parent: given, gives: "observer", exp: now + 500 });
  using bob = await knocker(relay, handed);
  expect(bob.entered.lobby).toBe(true);
});

test("an invite has eight places in the lobby, and who comes again takes its own [LOBBY-5]", async () => {
  const { relay, token } = await place();
  await using _ = relay;
  const pairs = Array.from({ length: 8 }, generateKeyPair);
  const all = [];
  for (const pair of pairs) all.push(await knocker(relay, token, { pair }));
  using ninth = await RawMember.open(relay, { name: "bob" });
  ninth.send({ type: "join", room: "lobby", token, knock: true });
  expect((await ninth.closed).code).toBe(4010);
  using again = await knocker(relay, token, { pair: pairs[0]! });
  expect(again.entered.lobby).toBe(true);
  for (const one of all) one[Symbol.dispose]();
});

test("a member lets its person's other device knock, under the same name, while it is here itself [LOBBY-8]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using carol = await RawMember.join(relay, { name: "carol" });
  const claim = generateKeyPair().key;
  const link = (of: RawMember, more: object = {}, signer = of.pair) =>
    lobbyGrant(signer, { by: { name: of.name, key: of.pair.key }, gives: "device", claim, ...more });
  const now = Math.floor(Date.now() / 1_000);
  const wrong = [
    link(alice, {}, carol.pair),
    link(alice, { uses: 2 }),
    link(alice, { claim: undefined }),
    link(alice, { iat: now, exp: now + 601 }),
    link(alice, { parent: grant(alice.pair, { room: "lobby", key: alice.pair.key, may: ["member"] }) }),
    lobbyGrant(carol.pair, { by: { name: "alice", key: carol.pair.key }, gives: "device", claim }),
  ];
  for (const token of wrong) {
    using phone = await RawMember.open(relay, { name: "alice" });
    phone.send({ type: "join", room: "lobby", token, knock: true });
    expect((await phone.closed).code).toBe(1008);
  }
  using phone = await knocker(relay, link(alice), { name: "alice" });
  phone.send({ type: "knock", room: "lobby", event: claimFor(phone, alice) });
  expect((await alice.next("knock")).event.body).toBe("a claim");
  alice[Symbol.dispose]();
  expect((await phone.closed).code).toBe(1008);
});

test("who knocks by a link that anybody can sign opens no room, and takes no place of one that others were in [LOBBY-8]", async () => {
  await using relay = await openRelay({ maxRooms: 1 });
  {
    using alice = await RawMember.join(relay, { name: "alice" });
    await alice.say("kept while nobody is here");
  }
  for (const room of ["elsewhere", "lobby"]) {
    const pair = generateKeyPair();
    const by = { name: "alice", key: pair.key };
    const token = lobbyGrant(pair, { by, room, gives: "device", claim: generateKeyPair().key });
    using stranger = await RawMember.open(relay, { name: "alice" });
    stranger.send({ type: "join", room, token, knock: true });
    expect((await stranger.closed).code).toBe(1008);
  }
  using carol = await RawMember.join(relay, { name: "carol" }, { after: "0-0" });
  expect((await carol.next("event")).event.body).toBe("kept while nobody is here");
});

test("the links that one member makes have the places of one invite [LOBBY-5]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using carol = await RawMember.join(relay, { name: "carol" });
  const link = (of: RawMember) =>
    lobbyGrant(of.pair, {
      by: { name: of.name, key: of.pair.key },
      gives: "device",
      claim: generateKeyPair().key,
    });
  const all = [];
  for (let n = 0; n < 8; n += 1) all.push(await knocker(relay, link(alice), { name: "alice" }));
  using ninth = await RawMember.open(relay, { name: "alice" });
  ninth.send({ type: "join", room: "lobby", token: link(alice), knock: true });
  expect((await ninth.closed).code).toBe(4010);
  using other = await knocker(relay, link(carol), { name: "carol" });
  expect(other.entered.lobby).toBe(true);
  for (const one of all) one[Symbol.dispose]();
});
