// Who is told of when somebody asks who is here: a room that sees a new name with every run of a CI stays short.
import { afterEach, beforeEach, expect, test } from "vitest";
import { who } from "../../packages/member/src/presence/who.ts";
import { type Member, makePlace, type Place, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

let place: Place;
let relay: ScriptedRelay;
let alice: Member;

beforeEach(async () => {
  place = makePlace("alice");
  relay = new ScriptedRelay();
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

test("those here, those needed, a few who left, and a count of the rest", async () => {
  const [bob, old] = [new Peer("bob"), new Peer("old-friend")];
  const runners = Array.from({ length: 60 }, (_, n) => new Peer(`runner-${n}`));
  relay.members = [bob.presence(), old.presence()];
  alice = await place.open(1, {}, { dial: relay.dial });
  await until("joined", () => alice.room.connection().state === "joined");
  relay.give(
    eventFrame(old.seal("still open", { to: [{ member: "alice", key: alice.room.myKey }] }), "1700000000000-1"),
  );
  await until("the mention", () => Object.keys(alice.store.state.inbox).length === 1);
  for (const here of [true, false])
    relay.give({ type: "presence", room: "lobby", members: runners.map((one) => one.presence(here)) });
  relay.give({ type: "presence", room: "lobby", members: [old.presence(false)] });
  await until("all have left", () => !alice.room.members.online().includes("old-friend"));

  const { members, left = 0 } = who(alice.room, {});
  const names = members.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["alice", "bob", "old-friend"]));
  expect(names).toHaveLength(23);
  expect(left).toBeGreaterThan(0);
  expect(names.length + left).toBe(who(alice.room, { all: true }).members.length);
  expect(who(alice.room, { name: "runner-1" }).members.length).toBeLessThanOrEqual(20);
  expect(who(alice.room, { name: "@runner-17" }).members.map(({ name }) => name)).toContain("runner-17");
});
