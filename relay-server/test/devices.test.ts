// [DEVICE-*]: one person who is in a room with several devices under one name.
import { generateKeyPair } from "@agora/ports";
import { CLOSE_CODES, decodeChunk, encodeChunk, MAX_DEVICES } from "@agora/protocol";
import { expect, test } from "vitest";
import { type TestDevice, testPerson } from "./persons.ts";
import { grant, openRelay, RawMember, textOf, TOKEN } from "./raw-member.ts";

const enter = (relay: { readonly url: string }, { pair, chain }: TestDevice, more: object = {}) =>
  RawMember.join(relay, { name: "alice", pair }, { chain, ...more });
const refused = async (relay: { readonly url: string }, { pair, chain }: Pick<TestDevice, "pair" | "chain">) => {
  using other = await RawMember.open(relay, { name: "alice", pair });
  other.send({ type: "join", room: "lobby", token: TOKEN, chain });
  return (await other.closed).code;
};

test("a name is one person's: another device comes in, another key or person does not [JOIN-4] [DEVICE-1]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  using laptop = await enter(relay, await person.device());
  using bob = await RawMember.join(relay, { name: "bob" });
  using phone = await enter(relay, await person.device());
  await bob.sees("alice", true);
  const stranger = await testPerson().device();
  expect(await refused(relay, stranger)).toBe(CLOSE_CODES.nameTaken.code);
  expect(await refused(relay, { ...stranger, chain: [] })).toBe(CLOSE_CODES.nameTaken.code);
  // A chain to somebody else's key proves nothing.
  expect(await refused(relay, { pair: stranger.pair, chain: (await person.device()).chain })).toBe(4009);
  laptop.socket.terminate();
  await bob.nextThat(
    (f): f is typeof f & { type: "presence" } =>
      f.type === "presence" && f.members.some(({ key, devices }) => key === phone.pair.key && devices === undefined),
  );
  expect(await refused(relay, stranger)).toBe(CLOSE_CODES.nameTaken.code);
  phone.socket.terminate();
  await bob.sees("alice", false);
  using other = await enter(relay, stranger);
  expect(other.entered.name).toBe("alice");
});

test("eight devices have one line of presence, and the ninth is refused [DEVICE-1] [DEVICE-5]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  await using devices = new AsyncDisposableStack();
  const keys: string[] = [];
  for (let n = 0; n < MAX_DEVICES; n += 1) {
    const seat = { seat: `codex.${n + 2}`, connected: true, reachable: true, busy: false };
    const device = devices.use(
      await enter(relay, await person.device(), { channels: [`side${n}`], facts: { status: `${n}`, seats: [seat] } }),
    );
    keys.push(device.pair.key);
  }
  expect(await refused(relay, await person.device())).toBe(CLOSE_CODES.nameTaken.code);
  using bob = await RawMember.join(relay, { name: "bob" });
  const [line] = bob.entered.members.filter(({ name }) => name === "alice");
  expect(line).toMatchObject({ key: keys[0], online: true, facts: { status: "0" } });
  expect(line!.facts!.seats).toHaveLength(MAX_DEVICES);
  expect(line!.channels).toHaveLength(MAX_DEVICES);
  expect(line!.devices!.map(({ key }) => key)).toEqual(keys);
  expect(line!.devices!.every(({ chain = [] }) => chain.length === 2)).toBe(true);
});

test("a device that comes and changes at once is told with its chain [DEVICE-5] [KEYCHAIN-8]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  using laptop = await enter(relay, await person.device());
  using bob = await RawMember.join(relay, { name: "bob" });
  using phone = await enter(relay, await person.device());
  phone.send({ type: "presence", room: "lobby", facts: { status: "here" } });
  const chains: (readonly string[] | undefined)[] = [];
  const told = await bob.nextThat((f): f is Extract<typeof f, { type: "presence" }> => {
    const mine =
      f.type === "presence"
        ? f.members.find(({ name }) => name === "alice")?.devices?.find(({ key }) => key === phone.pair.key)
        : undefined;
    chains.push(mine?.chain);
    return mine?.facts?.status === "here";
  });
  expect(told.members.find(({ name }) => name === "alice")!.key).toBe(laptop.pair.key);
  expect(chains.some((chain) => chain?.length === 2)).toBe(true);
});

test("a device of before joins again: only its own older connection gives way [JOIN-5]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  const [one, two] = [await person.device(), await person.device()];
  using laptop = await enter(relay, one);
  using phone = await enter(relay, two);
  expect(await refused(relay, one)).toBe(CLOSE_CODES.nameTaken.code); // it answered the ping
  expect((await laptop.say("still here")).type).toBe("stamped");
  expect((await phone.say("and here")).type).toBe("stamped");
});

test("what is for a person goes to every device, whichever key or root the author names [DEVICE-3] [POST-3]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  const [one, two, gone] = [await person.device(), await person.device(), await person.device()];
  using bob = await RawMember.join(relay, { name: "bob" });
  using laptop = await enter(relay, one);
  using phone = await enter(relay, two);
  const to = async (text: string, address: object) => bob.say(text, { to: [{ member: "alice", ...address }] });
  for (const address of [{}, { key: one.pair.key }, { key: gone.pair.key, root: person.root }])
    expect(await to("for both", address)).not.toHaveProperty("missed");
  for (const device of [laptop, phone])
    for (let n = 0; n < 3; n += 1) expect(textOf(await device.next("event"))).toBe("for both");
  expect(await to("for somebody else", { key: gone.pair.key })).toMatchObject({ missed: ["alice"] });
  laptop.socket.terminate();
  await bob.nextThat(
    (f): f is typeof f & { type: "presence" } =>
      f.type === "presence" && f.members.some(({ key, devices }) => key === two.pair.key && devices === undefined),
  );
  // Whoever knew her by the laptop, and does not know of roots, still reaches her.
  expect(await to("for the phone", { key: one.pair.key })).not.toHaveProperty("missed");
  expect(textOf(await phone.next("event"))).toBe("for the phone");
});

test("what one device says to somebody is given to the author's others, also afterwards [DEVICE-4]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  const [one, two, three] = [await person.device(), await person.device(), await person.device()];
  using bob = await RawMember.join(relay, { name: "bob" });
  using carol = await RawMember.join(relay, { name: "carol" });
  using laptop = await enter(relay, one);
  using phone = await enter(relay, two);
  const said = await laptop.say("for bob alone", { to: [{ member: "bob" }] });
  expect(textOf(await phone.next("event"))).toBe("for bob alone");
  expect(textOf(await bob.next("event"))).toBe("for bob alone");
  using tablet = await enter(relay, three, { after: "0-0" });
  expect(await tablet.next("event")).toMatchObject({ late: true, stamp: "stamp" in said ? said.stamp : "" });
  await Promise.all([laptop.settled(), carol.settled()]);
  expect([laptop, carol].flatMap(({ frames }) => frames.filter(({ type }) => type === "event"))).toEqual([]);
});

test("a frame names one device, or means all; one device answers a comparison [DEVICE-6]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  const [one, two] = [await person.device(), await person.device()];
  using bob = await RawMember.join(relay, { name: "bob" });
  using laptop = await enter(relay, one);
  using phone = await enter(relay, two);
  const heal = { type: "heal", room: "lobby", to: "alice", step: "marks" } as const;
  bob.send(heal);
  expect(await laptop.next("heal")).toMatchObject({ from: "bob" });
  bob.send({ ...heal, key: two.pair.key });
  await phone.next("heal");
  const items = [{ id: "fffff0fffff0fffff0f1", state: "stored", at: 1 } as const];
  bob.send({ type: "receipts", room: "lobby", to: "alice", items });
  await Promise.all([laptop.next("receipts"), phone.next("receipts")]);
  const id = "fffff0fffff0fffff0ff";
  bob.send({ type: "file", room: "lobby", to: "alice", key: two.pair.key, step: "want", id, offset: 0 });
  expect(await phone.next("file")).toMatchObject({ from: "bob", step: "want" });
  bob.socket.send(encodeChunk({ room: "lobby", to: "alice", key: two.pair.key, id, offset: 0 }, Buffer.from("abc")));
  expect(decodeChunk(await phone.nextChunk(), 100)).toMatchObject({ value: { header: { from: "bob" } } });
  await laptop.settled();
  expect(laptop.frames.filter(({ type }) => type === "heal" || type === "file")).toEqual([]);
  expect(laptop.chunks).toEqual([]);
});

test("devices hand each other what their person said and was told, and strangers get none of it [DEVICE-3] [DELIVER-2]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  const [one, two] = [await person.device(), await person.device()];
  using bob = await RawMember.join(relay, { name: "bob" });
  using laptop = await enter(relay, one);
  const event = bob.seal("for alice", { to: [{ member: "alice", key: one.pair.key }] });
  bob.post(event);
  const { stamp } = await laptop.next("event");
  const own = laptop.seal("by alice", { to: [{ member: "bob" }] });
  using phone = await enter(relay, two);
  for (const handed of [event, own])
    laptop.send({ type: "deliver", room: "lobby", to: "alice", key: two.pair.key, stamp, event: handed });
  expect(await phone.next("event")).toMatchObject({ event, late: true, by: "alice" });
  expect(await phone.next("event")).toMatchObject({ event: own, late: true, by: "alice" });
  using carol = await RawMember.join(relay, { name: "carol" });
  carol.send({ type: "deliver", room: "lobby", to: "alice", stamp, event });
  expect(await carol.next("refused")).toMatchObject({ code: "forbidden" });
});

test("a stolen device that is revoked gives its place to its owner, and does not come back beside them [DEVICE-2]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  const [stolen, owner] = [await person.device(), await person.device()];
  using thief = await enter(relay, stolen);
  const chain = [...owner.chain, ...stolen.chain, await person.revoke(stolen.device.key)];
  using alice = await enter(relay, { ...owner, chain });
  expect((await thief.closed).code).toBe(CLOSE_CODES.nameTaken.code);
  expect(await refused(relay, stolen)).toBe(CLOSE_CODES.nameTaken.code);
  expect((await alice.say("mine again")).type).toBe("stamped");
});

test("a stolen device that shows nothing of whose it is, or a root of the thief's, gives its place as well [DEVICE-2]", async () => {
  await using relay = await openRelay();
  const [person, other] = [testPerson(), testPerson()];
  const owner = await person.device();
  for (const shows of ["nothing", "another root"] as const) {
    const stolen = await person.device();
    using thief = await enter(relay, {
      ...stolen,
      chain: shows === "nothing" ? [] : (await other.device("alice", stolen.pair)).chain,
    });
    expect(await refused(relay, owner)).toBe(CLOSE_CODES.nameTaken.code);
    const chain = [...owner.chain, ...stolen.chain, await person.revoke(stolen.pair.key)];
    using alice = await enter(relay, { ...owner, chain });
    expect((await thief.closed).code).toBe(CLOSE_CODES.nameTaken.code);
    expect(await refused(relay, stolen)).toBe(CLOSE_CODES.nameTaken.code);
    using phone = await enter(relay, await person.device());
    expect((await alice.say("mine again")).type).toBe("stamped");
    phone.socket.terminate();
    alice.socket.terminate();
    using bob = await RawMember.join(relay, { name: "bob" });
    await bob.sees("alice", false);
  }
});

test("whoever renewed the root comes in, and what the old root certified gives its place and stays out [DEVICE-1] [DEVICE-2]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  const [stolen, word] = [await person.device(), await person.commit()];
  const thiefs = { ...stolen, chain: [...stolen.chain, word] };
  using thief = await enter(relay, thiefs);
  const renewed = await person.renew();
  // Who lost everything but the words does not know what the old root said.
  using alice = await enter(relay, await renewed.device());
  expect((await thief.closed).code).toBe(CLOSE_CODES.nameTaken.code);
  expect(await refused(relay, thiefs)).toBe(CLOSE_CODES.nameTaken.code);
  const phone = await renewed.device();
  using other = await enter(relay, { ...phone, chain: [...phone.chain, word] });
  expect((await other.say("both are here")).type).toBe("stamped");
  expect((await alice.say("mine again")).type).toBe("stamped");
});

test("a recovery key that the root did not commit to first takes nobody's place [DEVICE-2] [KEYCHAIN-5]", async () => {
  await using relay = await openRelay();
  const [person, thief] = [testPerson(), testPerson()];
  const owner = await person.device();
  using alice = await enter(relay, { ...owner, chain: [...owner.chain, await person.commit()] });
  const [theirs, word] = [await (await thief.renew()).device(), await thief.commit()];
  expect(await refused(relay, { ...theirs, chain: [...theirs.chain, word] })).toBe(CLOSE_CODES.nameTaken.code);
  const late = await person.commit(thief.recovery);
  expect(await refused(relay, { ...theirs, chain: [...theirs.chain, late] })).toBe(CLOSE_CODES.nameTaken.code);
  expect((await alice.say("still here")).type).toBe("stamped");
});

test("a device that is here when the root is renewed on it stays, and another one comes in beside it [DEVICE-1]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  const [first, word] = [await person.device(), await person.commit()];
  using laptop = await enter(relay, { ...first, chain: [...first.chain, word] });
  const renewed = await person.renew();
  const second = await renewed.device();
  using phone = await enter(relay, { ...second, chain: [...second.chain, await renewed.certify(first)] });
  expect((await phone.say("both are here")).type).toBe("stamped");
  expect((await laptop.say("still here")).type).toBe("stamped");
  const third = await renewed.device();
  using tablet = await enter(relay, third);
  expect((await tablet.say("and here")).type).toBe("stamped");
});

test("a grant for one device admits the person's others, and nobody else's [DEVICE-12]", async () => {
  const root = generateKeyPair();
  await using relay = await openRelay({ rooms: new Map([["lobby", root.key]]), grantsOnly: true });
  const person = testPerson();
  const [first, second, stranger] = [await person.device(), await person.device(), await testPerson().device()];
  const token = grant(root, { room: "lobby", sub: "alice", key: first.pair.key });
  for (const chain of [stranger.chain, [...stranger.chain, ...first.chain], []]) {
    using other = await RawMember.open(relay, { name: "alice", pair: stranger.pair });
    other.send({ type: "join", room: "lobby", token, chain });
    expect((await other.closed).code).toBe(CLOSE_CODES.badToken.code);
  }
  using phone = await enter(relay, { ...second, chain: [...second.chain, ...first.chain] }, { token });
  expect((await phone.say("by the laptop's grant")).type).toBe("stamped");
});

test("a device that its person has shown to be revoked stays out after the last of the others has left, as long as the room is remembered [DEVICE-2]", async () => {
  await using relay = await openRelay();
  const person = testPerson();
  const [laptop, phone, tablet] = [await person.device(), await person.device(), await person.device()];
  using bob = await RawMember.join(relay, { name: "bob" });
  {
    using _laptop = await enter(relay, {
      ...laptop,
      chain: [...laptop.chain, ...phone.chain, await person.revoke(phone.device.key)],
    });
    await bob.sees("alice", true);
  }
  await bob.sees("alice", false);
  expect(await refused(relay, phone)).toBe(CLOSE_CODES.nameTaken.code);
  using other = await enter(relay, tablet);
  expect(other.entered.name).toBe("alice");
});
