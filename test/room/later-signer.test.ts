// A member whose key signs only after a while: what it says has its numbers in the order it was said in, and nothing goes out
// unsigned.
import { openEvent } from "@agora/protocol";
import { createVerifier } from "@agora/ports";
import { afterEach, beforeEach, expect, test } from "vitest";
import { say } from "../../packages/member/src/messages/say.ts";
import { type Member, makePlace, must, type Place, until } from "./fixture.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

let place: Place;
let relay: ScriptedRelay;
let alice: Member;

beforeEach(async () => {
  place = makePlace("alice");
  relay = new ScriptedRelay();
  alice = await place.open(1, {}, { dial: relay.dial, signsLater: true });
  await until("joined", () => alice.room.connection().state === "joined");
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

test("says hello, and many things at once, each signed and in its order", async () => {
  const verifier = createVerifier();
  const texts = Array.from({ length: 25 }, (_, n) => `number ${n}`);
  const said = texts.map((text) => say(alice.room, { via: "console", text, to: [] }, undefined));
  await relay.next("post", texts.length);
  const heard = relay.sent("post").map(({ event }) => must(openEvent(event, verifier)));
  expect(heard.map(({ body }) => body)).toEqual(texts);
  expect(heard.map(({ head }) => head.seq)).toEqual(texts.map((_, n) => n + 1));
  for (const { head } of heard)
    relay.give({ type: "stamped", room: "lobby", id: head.id, stamp: `1700000000000-${head.seq}` });
  for (const result of await Promise.all(said)) expect(result).toMatchObject({ ok: true, value: { state: "relayed" } });
});

test("what the relay refuses for good is replaced in its place, signed as well", async () => {
  void say(alice.room, { via: "console", text: "refused", to: [] }, undefined);
  const { event } = await relay.next("post");
  const { head } = must(openEvent(event, createVerifier()));
  relay.give({ type: "refused", room: "lobby", id: head.id, code: "forbidden", message: "No." });
  const instead = must(openEvent((await relay.next("post", 2)).event, createVerifier()));
  expect(instead.head).toMatchObject({ kind: "void", seq: head.seq });
});
