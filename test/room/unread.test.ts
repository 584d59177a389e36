// What is unread, counted for a terminal by the same marks as the console's.
import type { Relay } from "@agora/relay";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Member, makePlace, must, openRelay, type Place, request, until } from "./fixture.ts";

let relay: Relay;
let places: Place[];
beforeEach(async () => {
  relay = await openRelay();
  places = [makePlace("alice"), makePlace("bob")];
});
afterEach(async () => {
  await relay.close();
  for (const place of places) place.remove();
});

const unread = async (member: Member) => must(await request(member, "unread", { via: "cli" }));
const say = async (member: Member, text: string, more: { to?: string[]; channel?: string } = {}): Promise<void> => {
  must(await request(member, "say", { via: "cli", to: [], text, ...more }));
};
const hears = (member: Member, text: string): Promise<unknown> =>
  until(`it is heard: ${text}`, async () =>
    must(await request(member, "history", { limit: 50 })).lines.some((line) => line.text === text),
  );

test("is counted by place, and none of it is when it was marked as read", async () => {
  await using alice = await places[0]!.open(relay.port, {}, { person: true });
  await using bob = await places[1]!.open(relay.port, {}, { person: true });
  await until("they know each other", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
  must(await request(alice, "channel", { via: "cli", act: "join", channel: "build" }));
  await until("bob knows the channel", () => bob.room.channels.has("build", "alice"));
  await say(bob, "one");
  await say(bob, "two to you", { to: ["alice"] });
  await say(bob, "green", { channel: "build" });
  await say(alice, "an own one");
  await hears(alice, "green");
  const { places: all } = await unread(alice);
  expect(all.map(({ place, count, toMe }) => `${place} ${count} ${toMe}`).toSorted()).toEqual(["#build 1 0", "* 2 1"]);
  expect(await request(alice, "unread", { via: "tool" })).toMatchObject({ ok: false, code: "not-allowed" });
  const room = all.find(({ place }) => place === "*")!;
  must(await request(alice, "markRead", { via: "cli", place: "*", read: room.last }));
  expect((await unread(alice)).places.map(({ place }) => place)).toEqual(["#build"]);
  await say(bob, "three");
  await hears(alice, "three");
  expect((await unread(alice)).places.find(({ place }) => place === "*")).toMatchObject({ count: 1, toMe: 0 });
});
