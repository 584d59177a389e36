// Somebody with the shared token and nothing else, who invents names: as many as they like, each with a key of its own, and
// hands on what those "said". It costs them a loop; it must not cost anybody what they know of others.
import { generateKeyPair } from "@agora/ports";
import { type EventFrame, newId, type Presence, QUESTION, readHead, type SignedEvent } from "@agora/protocol";
import { isRestamp, MAX_STRANGERS_ITEMS } from "@agora/member";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MAX_PINS } from "../../packages/user-config/src/pin-book.ts";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { MAYBE_BEFORE } from "../../packages/member/src/kernel/receive.ts";
import { inbox } from "../../packages/member/src/messages/inbox.ts";
import { answer, questions } from "../../packages/member/src/questions/requests.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import { type Member, makePlace, must, openRelay, type Place, until } from "../room/fixture.ts";
import { eventFrame, Peer } from "../room/peer.ts";
import { ScriptedRelay } from "../room/scripted-relay.ts";

const NAMES = 5_200;
/** So many are given at once. */
const PART = 400;
/** Among so many of the latest events the one that was given last is looked for. */
const LATEST = 50;
const toBob = [{ member: "bob" }];
const alice = new Peer("alice");
const mallory = new Peer("mallory");
let relay: ScriptedRelay;
let place: Place;
let bob: Member;
let n = 0;

beforeEach(async () => {
  relay = new ScriptedRelay();
  relay.members = [alice.presence(), mallory.presence()];
  place = makePlace("bob");
  bob = await place.open(4_000, {}, { dial: relay.dial });
  await until("bob is in", () => bob.room.connection().state === "joined");
});
afterEach(async () => {
  await bob[Symbol.asyncDispose]();
  place.remove();
});

const stamp = (): string => `${Date.now()}-${(n += 1)}`;
const posted = (event: SignedEvent): EventFrame => eventFrame(event, stamp());
const handedOn = (event: SignedEvent, by = "mallory"): EventFrame => eventFrame(event, stamp(), by);
const items = (): readonly string[] => inbox(bob.room, { via: "cli" }).items.map((i) => `${i.from}: ${i.text}`);
const lines = (text: string) =>
  [...bob.store.history.from(0)].flatMap(({ value }) => (!isRestamp(value) && value.text === text ? [value] : []));
/** All that was given so far was handled: what was given last is among the latest that are kept. */
const handled = async (): Promise<void> => {
  const event = mallory.seal(`that was all ${newId()}`);
  relay.give(posted(event));
  await until("all was handled", () => {
    let looked = 0;
    for (const { value } of bob.store.history.back()) {
      if (!isRestamp(value) && value.text === event.body) return true;
      if ((looked += 1) === LATEST) return false;
    }
    return false;
  });
};
/** Gives many frames, and waits in between: so that the wait for each part is a short one on any machine. */
const giveAll = async (frames: readonly EventFrame[]): Promise<void> => {
  for (let from = 0; from < frames.length; from += PART) {
    for (const frame of frames.slice(from, from + PART)) relay.give(frame);
    await handled();
  }
};
/** Events of invented names, each with a key of its own; what they sign is cheap to make beforehand. */
const invented = (count: number, text = "hello", draft: Parameters<Peer["seal"]>[1] = {}): SignedEvent[] =>
  Array.from({ length: count }, (_, i) => new Peer(`n${i}-${newId().slice(-8)}`).seal(text, draft));

test("what was rejected stays rejected, whoever hands it on again after 5,200 invented names [SEQ-4]", async () => {
  const request = alice.seal("delete the old backups", { to: toBob });
  relay.give(posted(request));
  await until("it came", () => items().length === 1);
  must(await reject(bob.room, { via: "cli", thread: "last" }, undefined));
  expect(items()).toEqual([]);
  await giveAll(invented(NAMES).map((event) => handedOn(event)));
  relay.give(handedOn(request));
  relay.give(posted(request)); // and the relay itself, once more
  await handled();
  expect(items()).toEqual([]);
  expect(lines("delete the old backups")).toHaveLength(1);
});

test("nor does it count again when the names spoke by the relay's own word [SEQ-4]", async () => {
  const request = alice.seal("delete the old backups", { to: toBob });
  relay.give(posted(request));
  await until("it came", () => items().length === 1);
  must(await reject(bob.room, { via: "cli", thread: "last" }, undefined));
  await giveAll(invented(NAMES).map(posted));
  relay.give(posted(request));
  await handled();
  expect(items()).toEqual([]);
  expect(lines("delete the old backups")).toHaveLength(1);
});

test("what ended without a word to its author, and was forgotten, is kept and told, and handed to nobody [SEQ-4]", async () => {
  const request = alice.seal("look at this soon", { to: toBob, expires: Date.now() + 500 });
  relay.give(posted(request));
  // By what is kept: on a busy machine its time may be over before anybody looks into the inbox.
  await until("it came", () => lines("look at this soon").length === 1);
  await until("its time was over", () => items().length === 0);
  const lasting = alice.seal("and at this", { to: [{ member: "bob" }, { member: "alice" }] });
  relay.give(posted(lasting));
  await until("it came", () => items().length === 1);
  bob.store.in({ op: "close", at: Date.now(), id: lasting.id, how: "read" });
  await giveAll(invented(NAMES).map(posted));
  relay.give(posted(lasting));
  await handled();
  expect(items()).toEqual([]);
  for (const line of lines("and at this").slice(1)) expect(line.withheld).toBe(MAYBE_BEFORE);
  // What she says from now on is new.
  relay.give(posted(alice.seal("still there?", { to: toBob, time: Date.now() + 1 })));
  await until("she is heard", () => items().includes("alice: still there?"));
});

test("a frame of presence with 12,000 names keeps nobody out who comes later [PIN-3]", async () => {
  const made = Array.from({ length: 12_000 }, (_, i): Presence => ({
    ...mallory.presence(),
    name: `n${i}`,
    key: generateKeyPair().key,
  }));
  relay.give({ type: "presence", room: "lobby", members: made });
  const carol = new Peer("carol");
  relay.give({ type: "presence", room: "lobby", members: [carol.presence()] });
  relay.give(posted(carol.seal("hello bob", { to: toBob })));
  await until("carol is heard", () => items().includes("carol: hello bob"));
  expect(bob.room.sentences()).toEqual([]);
  must(await say(bob.room, { via: "cli", text: "hello carol", to: ["carol"] }, undefined));
  // And who was pinned by what was said stays pinned.
  relay.give(posted(new Peer("carol").seal("I am carol", { to: toBob })));
  await handled();
  expect(items()).not.toContain("carol: I am carol");
});

test("requests of invented names push neither a friend's nor an earlier stranger's out of the inbox", async () => {
  const friend = new Peer("friend");
  relay.give({ type: "presence", room: "lobby", members: [friend.presence()] });
  relay.give(posted(friend.seal("what was agreed", { to: toBob })));
  relay.give(posted(alice.seal("a first word", { to: toBob })));
  await until("both came", () => items().length === 2);
  const answered = say(bob.room, { via: "cli", text: "good", to: ["friend"] }, undefined);
  const [{ event }] = [await relay.next("post")];
  relay.give({ type: "stamped", room: "lobby", id: must(readHead(event.head)).id, stamp: stamp() });
  must(await answered);
  relay.give(posted(friend.seal("and one more", { to: toBob })));
  await giveAll(invented(1_200, "look here", { to: toBob }).map(posted));
  expect(items()).toEqual(
    expect.arrayContaining(["friend: what was agreed", "friend: and one more", "alice: a first word"]),
  );
  expect(items().length).toBeLessThanOrEqual(MAX_STRANGERS_ITEMS + 2);
});

test("questions of invented names push out neither a friend's question nor an earlier stranger's [QUESTION-1]", async () => {
  const friend = new Peer("friend");
  relay.give({ type: "presence", room: "lobby", members: [friend.presence()] });
  const answered = say(bob.room, { via: "cli", text: "hello", to: ["friend"] }, undefined);
  const [{ event }] = [await relay.next("post")];
  relay.give({ type: "stamped", room: "lobby", id: must(readHead(event.head)).id, stamp: stamp() });
  must(await answered);
  const asks = (peer: Peer, text: string): ReturnType<Peer["seal"]> => {
    const form = JSON.stringify({ text, pick: "text" });
    return peer.seal(form, { kind: "question", must: true, to: [{ member: "bob", person: true }] }, QUESTION);
  };
  const early = [asks(friend, "which port?"), asks(alice, "which branch?")];
  for (const question of early) relay.give(posted(question));
  for (let i = 0; i < 600; i += 1) relay.give(posted(asks(new Peer(`q${i}`), "buy this?")));
  for (let i = 0; i < 600; i += 1) relay.give(handedOn(asks(new Peer(`h${i}`), "buy that?")));
  const late = asks(friend, "and which host?");
  relay.give(posted(late));
  await handled();
  const { waiting } = questions(bob.room, { via: "cli" });
  for (const question of [...early, late]) expect(waiting.map(({ id }) => id)).toContain(question.id);
  const told = answer(bob.room, { via: "cli", question: early[1]!.id, words: "main" });
  const post = await relay.next("post", 2);
  relay.give({ type: "stamped", room: "lobby", id: must(readHead(post.event.head)).id, stamp: stamp() });
  expect(must(await told).words).toBe('"main"');
  // Who found no place is told so.
  const refused = Object.values(bob.store.state.given).filter(({ receipt }) => receipt.state === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  for (const { receipt } of refused)
    expect(receipt.reason).toBe("too many questions of people whom this member never answered wait here");
});

test("over a real relay, by a raw member that hands on what hundreds of names never said [SEQ-4] [PIN-3]", async () => {
  await using real = { relay: await openRelay(), [Symbol.asyncDispose]: () => real.relay.close() };
  const place = makePlace("carol");
  const carol = await place.open(real.relay.port);
  try {
    using honest = await RawMember.join(real.relay, { name: "alice" });
    using raw = await RawMember.join(real.relay, { name: "mallory" });
    const waiting = (): readonly string[] =>
      inbox(carol.room, { via: "cli" }).items.map(({ from, text }) => `${from}: ${text}`);
    const request = honest.seal("delete the old backups", { to: [{ member: "carol" }] });
    honest.post(request);
    await until("it came", () => waiting().length === 1);
    must(await reject(carol.room, { via: "cli", thread: "last" }, undefined));
    const handOn = (event: SignedEvent): void => {
      const { head, sig, body } = event;
      raw.send({ type: "deliver", room: "lobby", to: "carol", stamp: stamp(), event: { head, sig, body } });
    };
    for (const event of invented(900, "hello", { to: [{ member: "carol" }] })) handOn(event);
    handOn(request);
    await raw.settled();
    await honest.say("that was all", { to: [{ member: "carol" }] });
    await until("that was all", () => waiting().includes("alice: that was all"));
    expect(waiting()).not.toContain("alice: delete the old backups");
    expect([...carol.pins.all().values()].filter(({ by }) => by === "mallory").length).toBeLessThanOrEqual(
      MAX_PINS.handedByOne,
    );
    expect(carol.room.sentences()).toEqual([]);
  } finally {
    await carol[Symbol.asyncDispose]();
    place.remove();
  }
});
