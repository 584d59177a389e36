// The record as a member writes and reads it: each event names the one before it, a lost journal is said, and who tells two stories
// is found out.
import { createVerifier, generateKeyPair } from "@agora/ports";
import { type FromRelay, openEvent, type SignedEvent } from "@agora/protocol";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { say } from "../../packages/member/src/messages/say.ts";
import { verifies } from "../verifies.ts";
import { type Member, makePlace, must, type Place, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const room = "lobby";
const verifier = createVerifier();
const BOB = generateKeyPair();
let place: Place;
let relay: ScriptedRelay;
let alice: Member;

const open = async (more: Parameters<Place["open"]>[2] = {}): Promise<void> => {
  alice = await place.open(1, {}, { dial: relay.dial, ...more });
  await until("joined", () => alice.room.connection().state === "joined");
};
beforeEach(async () => {
  place = makePlace("alice");
  relay = new ScriptedRelay();
  relay.members = [new Peer("bob", BOB).presence()];
  await open();
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

let stamps = 0;
const stamp = (): string => `1700000000000-${(stamps += 1)}`;
/** Says something, which the relay stamps; gives it as it went out. */
const said = async (text: string, to: readonly string[] = []): Promise<SignedEvent> => {
  const saying = say(alice.room, { via: "cli", text, to: [...to] }, undefined);
  const { event } = await relay.next("post", relay.sent("post").length + 1);
  relay.give({ type: "stamped", room, id: headOf(event).id, stamp: stamp() });
  must(await saying);
  return event;
};
const headOf = (event: SignedEvent) => must(openEvent(event, verifier)).head;
const hashOf = ({ head }: SignedEvent): string => verifier.sha256(head);
const hear = (frame: FromRelay): void => relay.give(frame);
const kept = (): string[] => [...alice.store.history.from(0)].map(({ value }) => ("text" in value ? value.text : ""));
const notices = (): string => alice.room.sentences().join("\n");

describe("an own event", () => {
  verifies(["RECORD-1"], "names the one before it in its audience, also after a crash", async () => {
    const [one, two, aside] = [await said("one"), await said("two"), await said("aside", ["bob"])];
    expect(headOf(one)).not.toHaveProperty("prev");
    expect(headOf(aside)).not.toHaveProperty("prev");
    expect(headOf(two).prev).toBe(hashOf(one));
    alice.crash();
    alice.store.history.close();
    await open();
    expect(headOf(await said("three")).prev).toBe(hashOf(two));
    expect(headOf(await said("aside again", ["bob"])).prev).toBe(hashOf(aside));
  });

  verifies(["RECORD-1"], "is chained as well where its key signs only after a while", async () => {
    await alice[Symbol.asyncDispose]();
    await open({ signsLater: true });
    const texts = ["a", "b", "c", "d"];
    for (const text of texts) void say(alice.room, { via: "console", text, to: [] }, undefined);
    await relay.next("post", texts.length);
    const events = relay.sent("post").map(({ event }) => event);
    for (const [n, event] of events.entries())
      expect(headOf(event).prev).toBe(n === 0 ? undefined : hashOf(events[n - 1]!));
  });

  verifies(["RECORD-3"], "that was refused for good is named by its void, and by the next one", async () => {
    const one = await said("one");
    void say(alice.room, { via: "cli", text: "refused", to: [] }, undefined);
    const { event: refused } = await relay.next("post", 2);
    hear({ type: "refused", room, id: headOf(refused).id, code: "too-big", message: "Too long." });
    const { event: instead } = await relay.next("post", 3);
    expect(headOf(instead)).toMatchObject({ kind: "void", prev: hashOf(one), replaces: hashOf(refused) });
    relay.give({ type: "stamped", room, id: headOf(instead).id, stamp: stamp() });
    expect(headOf(await said("next")).prev).toBe(hashOf(refused));
  });

  verifies(["RECORD-2"], "after the journals were lost signs which numbers it leaves out, once", async () => {
    await said("one");
    await alice[Symbol.asyncDispose]();
    place.forgetJournals(1);
    await open();
    const since = alice.store.seqBase;
    const back = await said("back");
    expect(headOf(back)).toMatchObject({ seq: since + 1, gap: { from: 1, to: since, why: "journals-lost" } });
    expect(headOf(back)).not.toHaveProperty("prev");
    const next = headOf(await said("on"));
    expect(next).toMatchObject({ seq: since + 2, prev: hashOf(back) });
    expect(next).not.toHaveProperty("gap");
  });
});

describe("another's event", () => {
  verifies(["RECORD-5"], "is taken whatever it names, and without it", () => {
    const bob = new Peer("bob", BOB);
    const nowhere = verifier.sha256("nowhere");
    const drafts = [{ prev: nowhere }, { gap: { from: 9, to: 3, why: "so" } }, { replaces: nowhere }, {}];
    for (const [n, draft] of drafts.entries()) hear(eventFrame(bob.seal(`text ${n}`, draft), stamp()));
    return until("all are kept", () => drafts.every((_, n) => kept().includes(`text ${n}`)));
  });

  verifies(
    ["RECORD-5"],
    "with a number that was used before is not taken, and its author's two stories are told",
    async () => {
      const bob = new Peer("bob", BOB);
      hear(eventFrame(bob.seal("first story", { seq: 1 }), stamp()));
      hear(eventFrame(bob.seal("second story", { seq: 1 }), stamp()));
      await until("the person is told", () => notices().includes("@bob signed two different stories"));
      expect(kept()).toEqual(["first story"]);
      alice.crash();
      await open();
      expect(notices()).toContain("@bob signed two different stories (number 1 to the room)");
    },
  );

  verifies(["RECORD-5"], "that follows another one than was heard tells of two stories", async () => {
    const bob = new Peer("bob", BOB);
    const other = bob.seal("what others heard", { seq: 1 });
    hear(eventFrame(bob.seal("what alice heard", { seq: 1 }), stamp()));
    hear(eventFrame(bob.seal("next", { seq: 2, prev: hashOf(other) }), stamp()));
    await until("the person is told", () => notices().includes("@bob signed two different stories (number 2"));
    expect(kept()).toContain("next");
  });

  verifies(["RECORD-3", "RECORD-5"], "that comes as itself and as its void, and again, is one story", async () => {
    const bob = new Peer("bob", BOB);
    const one = bob.seal("one");
    const two = bob.seal("two", { seq: 2, prev: hashOf(one) });
    const standIn = bob.seal("", { kind: "void", seq: 2, prev: hashOf(one), replaces: hashOf(two) });
    const three = bob.seal("three", { seq: 3, prev: hashOf(two) });
    for (const event of [one, standIn, two, three, one, standIn, three]) hear(eventFrame(event, stamp()));
    await until("all were taken", () => kept().includes("three"));
    hear(eventFrame(bob.seal("end", { seq: 4 }), stamp()));
    await until("and what came again", () => kept().includes("end"));
    expect(notices()).not.toContain("two different stories");
  });
});
