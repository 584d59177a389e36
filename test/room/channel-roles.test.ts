// Who speaks in a channel: observers of it and archived ones, as its owner decides; obeyed by readers, whatever a client does.
import { afterEach, beforeEach, expect, test } from "vitest";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { channel } from "../../packages/member/src/channels/requests.ts";
import { history } from "./read-history.ts";
import type { RequestArgs } from "@agora/ipc";
import type { Relay } from "@agora/relay";
import { type Member, makePlace, must, openRelay, type Place, request, until } from "./fixture.ts";

let relay: Relay;
let places: Place[];
let alice: Member;
let bob: Member;

const build = "build";
const act = (member: Member, what: RequestArgs<"channel">["act"], more: Partial<RequestArgs<"channel">> = {}) =>
  channel(member.room, { via: "cli", act: what, channel: build, ...more });
const tell = (member: Member, text: string) => request(member, "say", { via: "cli", text, to: [], channel: build });
const texts = (member: Member): string[] =>
  must(history(member.room, { limit: 1_000, channel: build }))
    .lines.filter(({ kind }) => kind === "message")
    .map(({ text }) => text);
const stateOf = (member: Member) => member.room.channels.list().find(({ name }) => name === build);

/** alice opens #build, bob joins it. */
beforeEach(async () => {
  relay = await openRelay();
  places = [makePlace("alice"), makePlace("bob")];
  alice = await places[0]!.open(relay.port);
  bob = await places[1]!.open(relay.port);
  await until("both are here", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
  must(await act(alice, "join"));
  await until("bob sees it", () => bob.room.channels.has(build, "alice"));
  must(await act(bob, "join"));
  await until("alice sees bob there", () => alice.room.channels.has(build, "bob"));
  await until("bob knows whose it is", () => stateOf(bob)?.owner === "alice");
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  await bob[Symbol.asyncDispose]();
  await relay.close();
  for (const place of places) place.remove();
});

test("an observer of a channel hears what is said there and says nothing, until that is taken back [RIGHT-4] [RIGHT-5]", async () => {
  must(await tell(bob, "before"));
  await until("alice has it", () => texts(alice).includes("before"));
  const [line] = must(history(bob.room, { limit: 1, channel: build })).lines;
  must(await act(alice, "role", { member: "bob", role: "observer" }));
  await until("bob knows", () => stateOf(bob)?.observers?.includes("bob"));
  expect(stateOf(alice)?.observers).toEqual(["bob"]);
  expect(await tell(bob, "may I?")).toMatchObject({
    code: "not-allowed",
    message: expect.stringContaining("@alice") as string,
  });
  expect(await request(bob, "react", { via: "cli", id: line!.id, text: "ok" })).toMatchObject({ code: "not-allowed" });
  must(await tell(alice, "listen"));
  await until("bob hears", () => texts(bob).includes("listen"));
  expect(must(await request(bob, "say", { via: "cli", text: "in the room", to: [] })).state).toBe("relayed");
  must(await act(alice, "role", { member: "bob", role: "member" }));
  await until("bob may", () => stateOf(bob)?.observers === undefined);
  must(await tell(bob, "after"));
  await until("alice hears", () => texts(alice).includes("after"));
  expect(texts(alice)).toEqual(["before", "listen", "after"]);
});

test("an archived channel is read and not spoken in; its owner opens it again, and nobody else does [RIGHT-4] [RIGHT-5]", async () => {
  for (const what of ["archive", "role"] as const)
    expect(await act(bob, what, what === "role" ? { member: "alice", role: "observer" } : {})).toMatchObject({
      code: "not-allowed",
    });
  must(await act(alice, "archive"));
  expect(must(await act(alice, "archive")).unchanged).toBe(true);
  await until("bob knows", () => stateOf(bob)?.archived);
  for (const one of [alice, bob])
    expect(await tell(one, "hello")).toMatchObject({ message: expect.stringContaining("archived") as string });
  // It outlives the end of who heard of it, however it ends.
  bob.crash();
  bob = await places[1]!.open(relay.port);
  await until("bob is back", () => bob.room.channels.has(build, "alice"));
  expect(stateOf(bob)?.archived).toBe(true);
  must(await act(alice, "reopen"));
  await until("it is open", () => stateOf(bob)?.archived === undefined);
  must(await tell(bob, "again"));
  await until("alice hears", () => texts(alice).includes("again"));
});

test("a client that goes on speaking is heard by nobody, nor handed on; what was said before stays [RIGHT-5]", async () => {
  using raw = await RawMember.join({ url: `ws://127.0.0.1:${relay.port}` }, { name: "mallory" }, { channels: [build] });
  await until("she is there", () => [alice, bob].every((one) => one.room.channels.has(build, "mallory")));
  await raw.say("before", { channel: build });
  await until("it is heard", () => [alice, bob].every((one) => texts(one).includes("before")));
  must(await act(alice, "role", { member: "mallory", role: "observer" }));
  await until("bob knows", () => stateOf(bob)?.observers?.includes("mallory"));
  // The relay can't tell who owns the channel, and lets it through.
  expect((await raw.say("and on", { channel: build, seq: 2 })).type).toBe("stamped");
  await raw.say("elsewhere", { seq: 3 });
  await until("what is said in the room is heard", () =>
    [alice, bob].every((one) => must(history(one.room, { limit: 9 })).lines.some(({ text }) => text === "elsewhere")),
  );
  for (const one of [alice, bob]) expect(texts(one)).toEqual(["before"]);
});

test("a newcomer to the channel knows who only reads there [CHANNEL-5] [RIGHT-4]", async () => {
  must(await act(alice, "role", { member: "bob", role: "observer" }));
  const place = makePlace("nell");
  const nell = await place.open(relay.port);
  try {
    await until("she sees it", () => nell.room.channels.has(build, "alice") && nell.room.channels.has(build, "bob"));
    must(await act(nell, "join"));
    await until("she knows", () => stateOf(nell)?.observers?.includes("bob"));
  } finally {
    await nell[Symbol.asyncDispose]();
    place.remove();
  }
});
