// [CONTROL-*]: the operator's hand on a room.
import { generateKeyPair, type KeyPair } from "@agora/ports";
import { MAX_CONTROL_LEAD_MS, MAY } from "@agora/protocol";
import { expect, test } from "vitest";
import { grant, lobbyGrant, openRelay, RawMember, textOf, TOKEN } from "./raw-member.ts";
import type { Relay } from "../src/relay.ts";

const root = generateKeyPair();
const rooted = { rooms: new Map([["lobby", root.key]]) };

async function operatorIn(relay: Relay, pair: KeyPair = generateKeyPair()): Promise<{ op: RawMember; token: string }> {
  const token = grant(root, { room: "lobby", grant: "operator", sub: "olga", key: pair.key });
  return { op: await RawMember.join(relay, { name: "olga", pair }, { token }), token };
}

test("stop refuses posts until reset, pause until resumed; the operator may always speak [CONTROL-5]", async () => {
  await using relay = await openRelay(rooted);
  const { op, token } = await operatorIn(relay);
  using alice = await RawMember.join(relay, { name: "alice" });
  for (const [act, code, end] of [
    ["stop", "stopped", "reset"],
    ["pause", "paused", "resume"],
  ] as const) {
    op.post(op.sealControl({ act, grant: token }));
    await op.next("stamped");
    expect((await alice.next("event")).event.body).toContain(act);
    expect(await alice.say("still?")).toMatchObject({ type: "refused", code });
    expect(await op.say("I may")).toMatchObject({ type: "stamped" });
    expect(textOf(await alice.next("event"))).toBe("I may");
    using bob = await RawMember.join(relay, { name: "bob" });
    expect(bob.entered.controls.length).toBeGreaterThan(0);
    op.post(op.sealControl({ act: end, grant: token }));
    await op.next("stamped");
    await alice.next("event");
    expect(await alice.say("again")).toMatchObject({ type: "stamped" });
  }
  op.socket.terminate();
});

test("kick and ban close the member; a banned key does not come back [CONTROL-6]", async () => {
  await using relay = await openRelay(rooted);
  const { op, token } = await operatorIn(relay);
  const pair = generateKeyPair();
  const kicked = await RawMember.join(relay, { name: "bob", pair });
  op.post(op.sealControl({ act: "kick", member: "bob", grant: token }));
  expect((await kicked.closed).code).toBe(4005);
  const back = await RawMember.join(relay, { name: "bob", pair });
  op.post(op.sealControl({ act: "ban", key: pair.key, reason: "noise", grant: token }));
  expect((await back.closed).code).toBe(4006);
  using again = await RawMember.open(relay, { name: "bobby", pair });
  again.send({ type: "join", room: "lobby", token: TOKEN });
  expect((await again.closed).code).toBe(4006);
  op.post(op.sealControl({ act: "unban", key: pair.key, grant: token }));
  for (const _ of ["kick", "ban", "unban"]) await op.next("stamped");
  using pardoned = await RawMember.join(relay, { name: "bob", pair });
  expect(pardoned.entered.name).toBe("bob");
  op.socket.terminate();
});

test("only an operator's own signed word counts [CONTROL-1] [CONTROL-2]", async () => {
  await using relay = await openRelay(rooted);
  using mallory = await RawMember.join(relay, { name: "mallory" });
  const { op, token } = await operatorIn(relay);
  const member = grant(root, { room: "lobby", grant: "member" });
  const forged = grant(generateKeyPair(), { room: "lobby", grant: "operator" });
  const attempts = [
    [mallory.sealControl({ act: "stop", grant: token }), "forbidden"],
    [mallory.sealControl({ act: "stop", grant: member }), "forbidden"],
    [mallory.sealControl({ act: "stop", grant: forged }), "forbidden"],
    [mallory.seal("stop!", { kind: "control" }), "bad-event"],
    // The grant is looked at before the signature: it costs less to refuse.
    [{ ...mallory.sealControl({ act: "stop", grant: token }), sig: "A".repeat(86) }, "forbidden"],
    [mallory.sealControl({ act: "stop", grant: token }, { to: [{ member: "olga" }] }), "bad-event"],
  ] as const;
  for (const [event, code] of attempts) {
    mallory.post(event);
    expect(await mallory.next("refused")).toMatchObject({ code });
  }
  expect(await mallory.say("not stopped")).toMatchObject({ type: "stamped" });
  op.socket.terminate();
});

test("a room without a root key knows no operator", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  alice.post(alice.sealControl({ act: "stop", grant: grant(root, { room: "lobby", grant: "operator" }) }));
  expect(await alice.next("refused")).toMatchObject({ code: "forbidden" });
});

test("controls that members offer survive a restart of the relay; forged ones and old kicks do nothing [CONTROL-4]", async () => {
  const pair = generateKeyPair();
  const banned = generateKeyPair();
  let controls;
  {
    await using relay = await openRelay(rooted);
    const { op, token } = await operatorIn(relay, pair);
    using alice = await RawMember.join(relay, { name: "alice" });
    for (const control of [
      op.sealControl({ act: "stop", grant: token }),
      op.sealControl({ act: "ban", key: banned.key, grant: token }),
    ]) {
      op.post(control);
      await alice.next("event");
    }
    const kick = op.sealControl({ act: "kick", member: "alice", grant: token });
    using bob = await RawMember.join(relay, { name: "bob" });
    expect(bob.entered.controls).toHaveLength(2);
    const forged = bob.sealControl({ act: "reset", grant: token });
    controls = [...bob.entered.controls, kick, forged];
  }
  await using relay = await openRelay(rooted);
  using alice = await RawMember.join(relay, { name: "alice" }, { controls });
  expect(alice.entered.controls).toHaveLength(2);
  expect(await alice.say("anyone?")).toMatchObject({ code: "stopped" });
  using bad = await RawMember.open(relay, { name: "eve", pair: banned });
  bad.send({ type: "join", room: "lobby", token: TOKEN });
  expect((await bad.closed).code).toBe(4006);
});

test("a control that another's later word overrules is refused, and one that comes to the same is not [CONTROL-16]", async () => {
  await using relay = await openRelay(rooted);
  const { op, token } = await operatorIn(relay);
  const pair = generateKeyPair();
  const second = grant(root, { room: "lobby", grant: "operator", sub: "otto", key: pair.key });
  using otto = await RawMember.join(relay, { name: "otto", pair }, { token: second });
  const now = Date.now();
  op.post(op.sealControl({ act: "pause", grant: token }, { time: now }));
  await op.next("stamped");
  await otto.next("event");
  // An older client's, by a clock that is two minutes behind.
  otto.post(otto.sealControl({ act: "resume", grant: second }, { time: now - 120_000 }));
  expect(await otto.next("refused")).toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("@olga") as unknown,
  });
  otto.post(otto.sealControl({ act: "pause", grant: second }, { time: now - 110_000 }));
  await otto.next("stamped");
  otto.post(otto.sealControl({ act: "resume", grant: second }, { time: now + 1 }));
  await otto.next("stamped");
  using alice = await RawMember.join(relay, { name: "alice" });
  expect(await alice.say("it goes on")).toMatchObject({ type: "stamped" });
  op.socket.terminate();
});

test("nobody takes the last number there is: a control years ahead of every clock is refused [CONTROL-15]", async () => {
  await using relay = await openRelay(rooted);
  const { op, token } = await operatorIn(relay);
  for (const time of [Number.MAX_SAFE_INTEGER, Date.now() + MAX_CONTROL_LEAD_MS + 3_600_000]) {
    op.post(op.sealControl({ act: "stop", grant: token }, { time }));
    expect(await op.next("refused")).toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("clock") as unknown,
    });
    using bob = await RawMember.join(
      relay,
      { name: "bob" },
      { controls: [op.sealControl({ act: "stop", grant: token }, { time })] },
    );
    expect(bob.entered.controls).toEqual([]);
    bob.socket.terminate();
    await bob.closed;
  }
  // What is a year ahead is taken, and can be overruled.
  const year = Date.now() + 365 * 86_400_000;
  op.post(op.sealControl({ act: "stop", grant: token }, { time: year }));
  await op.next("stamped");
  op.socket.terminate();
});

test("a ban bars the key, the name it came by and the grant, but not for who is spared; taking it back frees them [CONTROL-17]", async () => {
  await using relay = await openRelay(rooted);
  const { op, token } = await operatorIn(relay);
  const invite = grant(root, { room: "lobby", grant: "member" });
  const [cats, dans] = [generateKeyPair(), generateKeyPair()];
  const cat = await RawMember.join(relay, { name: "cat", pair: cats }, { token: invite });
  using dan = await RawMember.join(relay, { name: "dan", pair: dans }, { token: invite });
  const grantId = dan.entered.members.find(({ name }) => name === "cat")?.grantId;
  expect(grantId).toEqual(expect.any(String));
  expect(dan.entered.members.find(({ name }) => name === "olga")?.grantId).not.toBe(grantId);
  const ban = op.sealControl({ act: "ban", member: "cat", key: cats.key, grantId, spare: [dans.key], grant: token });
  op.post(ban);
  expect((await cat.closed).code).toBe(4006);
  const tries = async (name: string, pair: KeyPair, by: string): Promise<number | "in"> => {
    using one = await RawMember.open(relay, { name, pair });
    one.send({ type: "join", room: "lobby", token: by });
    const joined = one.next("joined").then(
      () => "in" as const,
      () => 0,
    );
    return await Promise.race([one.closed.then(({ code }) => code), joined]);
  };
  expect(await tries("cat", generateKeyPair(), invite)).toBe(4006); // the same invite in another home
  expect(await tries("kit", generateKeyPair(), invite)).toBe(4006); // and under another name
  expect(await tries("cat", generateKeyPair(), TOKEN)).toBe(4006);
  expect(await tries("tom", cats, TOKEN)).toBe(4006);
  // Who comes later is told the place of a control, too.
  using eve = await RawMember.join(relay, { name: "eve" });
  expect(eve.entered.controls[0]?.stamp).toMatch(/^\d+-\d+$/);
  expect(await dan.say("I am still here")).toMatchObject({ type: "stamped" });
  dan.socket.terminate();
  await dan.closed;
  // It outlives the relay, as controls do; who came by the same invite and was spared comes back.
  await using again = await openRelay(rooted);
  using back = await RawMember.join(again, { name: "dan", pair: dans }, { token: invite, controls: [ban] });
  using kit = await RawMember.open(again, { name: "kit", pair: generateKeyPair() });
  kit.send({ type: "join", room: "lobby", token: invite });
  expect((await kit.closed).code).toBe(4006);
  op.post(op.sealControl({ act: "unban", member: "cat", key: cats.key, grant: token }));
  for (const _ of ["ban", "unban"]) await op.next("stamped");
  expect(await tries("cat", generateKeyPair(), invite)).toBe("in");
  expect(await tries("kit", generateKeyPair(), invite)).toBe("in");
  expect(back.entered.name).toBe("dan");
  op.socket.terminate();
});

test("an operator takes grants back: who came by one is out, also after the relay's restart, and none below it counts [GRANT-10]", async () => {
  const [olga, pia, bob] = [generateKeyPair(), generateKeyPair(), generateKeyPair()];
  const operator = (pair: KeyPair, jti: string) =>
    grant(root, { room: "lobby", grant: "operator", key: pair.key, may: [...MAY], jti });
  const [olgas, pias] = [operator(olga, "grant-of-olga"), operator(pia, "grant-of-pia")];
  const bobs = grant(pia, { room: "lobby", sub: "bob", key: bob.key, parent: pias });
  const knocks = lobbyGrant(pia, { by: { name: "pia", key: pia.key }, parent: pias });
  const revoke = (member: RawMember) =>
    member.sealControl({ act: "revoke", ids: ["grant-of-pia"], grant: olgas }, { time: Date.now() });
  let told;
  {
    await using relay = await openRelay(rooted);
    using first = await RawMember.join(relay, { name: "olga", pair: olga }, { token: olgas });
    using second = await RawMember.join(relay, { name: "pia", pair: pia }, { token: pias });
    using third = await RawMember.join(relay, { name: "bob", pair: bob }, { token: bobs });
    using guest = await RawMember.join(relay, { name: "carol" }, { token: knocks, knock: true });
    told = revoke(first);
    first.post(told);
    expect((await first.next("stamped")).type).toBe("stamped");
    for (const out of [second, third, guest]) expect((await out.closed).code).toBe(1008);
  }
  await using relay = await openRelay(rooted);
  // By the token, so that nothing but what she offers says it.
  using first = await RawMember.join(relay, { name: "olga", pair: olga }, { controls: [told] });
  expect(first.entered.controls).toHaveLength(1);
  for (const [pair, token, knock] of [
    [pia, pias],
    [bob, bobs],
    [generateKeyPair(), knocks, true],
  ] as const) {
    using out = await RawMember.open(relay, { name: "bob", pair });
    out.send({ type: "join", room: "lobby", token, ...(knock === true ? { knock } : {}) });
    expect((await out.closed).code).toBe(1008);
  }
  using second = await RawMember.join(relay, { name: "pia", pair: pia }, { grant: pias });
  expect(second.entered.grant).toBe("member");
  second.post(second.sealControl({ act: "pause", grant: pias }, { time: Date.now() }));
  expect(await second.next("refused")).toMatchObject({ code: "forbidden" });
});
