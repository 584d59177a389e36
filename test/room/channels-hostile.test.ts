// Channels where somebody does not keep to the rules, or dies: nothing said to one, or in one place, ends up in another.
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { channel } from "../../packages/member/src/channels/requests.ts";
import { history } from "./read-history.ts";
import { accept } from "../../packages/member/src/messages/inbox.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { createRoomRoot, findHome } from "@agora/user-config";
import type { RequestArgs } from "@agora/ipc";
import { CHANNEL } from "@agora/protocol";
import type { Store } from "@agora/member";
import type { Relay } from "@agora/relay";
import { type HistoryLine, isRestamp } from "@agora/member";
import { ipcSession, type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

let relay: Relay;
let root: string;
let places: Place[];
let opened: Member[];

beforeEach(async () => {
  places = ["olga", "alice", "bob"].map(makePlace);
  opened = [];
  root = must(await createRoomRoot(findHome({ AGORA_HOME: join(places[0]!.dir, "home") }), "lobby")).key;
  relay = await openRelay(0, 2_000, root);
});
afterEach(async () => {
  for (const member of opened) await member[Symbol.asyncDispose]();
  await relay.close();
  for (const place of places) place.remove();
});

async function open(n: number, more = {}): Promise<Member> {
  const member = await places[n]!.open(relay.port, { root, ...more }, { owns: n === 0 });
  opened.push(member);
  await until("joined", () => member.room.connection().state === "joined");
  return member;
}
const build = "build";
const act = (member: Member, what: RequestArgs<"channel">["act"], more: Partial<RequestArgs<"channel">> = {}) =>
  channel(member.room, { via: "cli", act: what, channel: build, ...more });
const tell = (member: Member, text: string, more: Partial<RequestArgs<"say">> = {}) =>
  say(member.room, { via: "cli", text, to: [], ...more }, undefined);
const lines = (member: Member) => must(history(member.room, { limit: 100 })).lines;
const stateOf = (member: Member) => member.room.channels.list().find(({ name }) => name === build);
const inChannel = (member: Member, ...names: string[]): Promise<unknown> =>
  until(`${names.join()} in the channel`, () => names.every((n) => member.room.channels.has(build, n)));
async function pair(): Promise<[alice: Member, bob: Member]> {
  const [alice, bob] = [await open(1), await open(2)];
  must(await act(alice, "join"));
  await inChannel(bob, "alice");
  must(await act(bob, "join"));
  await inChannel(alice, "bob");
  return [alice, bob];
}
const mallory = (): Promise<RawMember> =>
  RawMember.join({ url: `ws://127.0.0.1:${relay.port}` }, { name: "mallory" }, { channels: [build] });

const isTopic = (line: HistoryLine): boolean => !isRestamp(line) && line.text.includes("in order");

describe("a member of the channel", () => {
  test("can't set the topic or remove anybody unless it opened it, or shows an operator's grant [CHANNEL-7]", async () => {
    const [alice, bob] = await pair();
    using raw = await mallory();
    await inChannel(alice, "mallory");
    const removal = { act: "remove", member: "bob", key: bob.room.myKey };
    for (const body of [
      { act: "topic", text: "owned" },
      { act: "open", text: "owned" },
      removal,
      { ...removal, grant: "a.b.c" },
    ])
      raw.post(raw.seal(JSON.stringify(body), { kind: "channel", channel: build }, CHANNEL));
    await until("it is in the history", () => lines(alice).filter(({ author }) => author === "mallory").length === 4);
    expect(stateOf(alice)).toMatchObject({ owner: "alice", members: ["alice", "bob", "mallory"] });
    expect(stateOf(alice)?.topic).toBeUndefined();
    expect(bob.room.channels.isIn(build)).toBe(true);
    // Her own removal holds at every daemon, though the relay goes on sending to her, which all can see.
    must(await act(alice, "remove", { member: "mallory" }));
    await until("bob knows", () => stateOf(bob)?.removed?.includes("mallory"));
    raw.post(raw.seal("still here", { channel: build }));
    const { head, sig, body } = raw.seal("said before it", { channel: build });
    raw.send({ type: "deliver", room: "lobby", to: "bob", stamp: "1-0", event: { head, sig, body } });
    must(await tell(alice, "after it", { channel: build }));
    await until("bob has it", () => lines(bob).some(({ text }) => text === "after it"));
    for (const text of ["still here", "said before it"])
      expect(lines(bob).map((line) => line.text)).not.toContain(text);
  });

  test("an operator sets the topic and removes, by its grant [CHANNEL-7] [CHANNEL-8]", async () => {
    const [alice, bob] = await pair();
    const olga = await open(0);
    expect(await act(olga, "topic", { text: "x" })).toMatchObject({ ok: false, message: "You are not in #build." });
    await inChannel(olga, "alice");
    must(await act(olga, "join"));
    await inChannel(alice, "olga");
    must(await act(olga, "topic", { text: "in order" }));
    await until("all know", () => [alice, bob].every((m) => stateOf(m)?.topic === "in order"));
    must(await act(olga, "remove", { member: "alice" }));
    await until("alice is out", () => !alice.room.channels.isIn(build));
  });

  test("can't put a newcomer out by opening it again before the newcomer knows who opened it [CHANNEL-7]", async () => {
    using raw = await mallory();
    const bob = await open(2);
    await until("mallory", () => bob.room.channels.isKnown(build));
    must(await act(bob, "join"));
    for (const body of [{ act: "open" }, { act: "remove", member: "bob", key: bob.room.myKey }])
      raw.post(raw.seal(JSON.stringify(body), { kind: "channel", channel: build }, CHANNEL));
    await until("it is heard", () => lines(bob).filter(({ author }) => author === "mallory").length === 2);
    expect(bob.room.channels.isIn(build)).toBe(true);
  });

  test("can't decide anything for ever by saying that it was decided tomorrow [CHANNEL-7]", async () => {
    using raw = await mallory();
    const alice = await open(1);
    await until("mallory", () => alice.room.channels.isKnown(build));
    must(await act(alice, "join"));
    const deliver = (body: object, stamp: string): void =>
      raw.send({
        type: "deliver",
        room: "lobby",
        to: "alice",
        stamp,
        event: raw.seal(JSON.stringify(body), { kind: "channel", channel: build }, CHANNEL),
      });
    raw.post(raw.seal(JSON.stringify({ act: "open" }), { kind: "channel", channel: build }, CHANNEL));
    await until("the owner", () => stateOf(alice)?.owner === "mallory");
    deliver({ act: "topic", text: "for ever" }, "999999999999999-0");
    await until("the topic", () => stateOf(alice)?.topic === "for ever");
    raw.post(raw.seal(JSON.stringify({ act: "topic", text: "no" }), { kind: "channel", channel: build }, CHANNEL));
    await until("another", () => stateOf(alice)?.topic === "no");
  });

  test("can't draw a private thread into the channel by naming it there", async () => {
    const [alice, bob] = await pair();
    using raw = await mallory();
    await inChannel(alice, "mallory");
    const { thread } = must(await tell(alice, "between us", { to: ["bob"] }));
    await until("bob has it", () => bob.store.state.inbox[thread]);
    raw.post(raw.seal("and here", { channel: build, thread, chain: thread }));
    await until("both have it", () => [alice, bob].every((m) => lines(m).some(({ text }) => text === "and here")));
    const answer = must(await tell(bob, "only for you", { thread }));
    expect(answer).toMatchObject({ to: ["alice"] });
    expect(answer.channel).toBeUndefined();
    await until("alice has it", () => lines(alice).some(({ text }) => text === "only for you"));
    await raw.settled();
    expect(JSON.stringify(raw.frames)).not.toContain("only for you");
    expect(await tell(bob, "x", { thread, channel: build })).toMatchObject({ ok: false, code: "unknown-thread" });
  });
});

describe("an agent that was asked in a channel", () => {
  test("answers there by the thread; what it says to one member without it is for that one alone", async () => {
    const [alice, bob] = await pair();
    using raw = await mallory();
    await inChannel(alice, "mallory");
    bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    const seat = bob.room.seats.known("s1");
    const { thread } = must(await tell(alice, "look", { to: ["bob"], channel: build }));
    await until("bob is asked", () => bob.store.state.inbox[thread]);
    must(accept(bob.room, { via: "hook", thread }, seat));
    bob.room.seats.prompt("claude", true);
    const aside = must(await say(bob.room, { via: "tool", text: "aside", to: ["alice"] }, seat));
    expect([aside.channel, aside.thread === thread]).toEqual([undefined, false]);
    const there = must(await say(bob.room, { via: "tool", text: "it is green", to: [], thread }, seat));
    expect(there).toMatchObject({ channel: build, to: ["alice"], role: "agent" });
    await until("all in it hear", () => raw.frames.some((f) => f.type === "event" && f.event.body === "it is green"));
    expect(JSON.stringify(raw.frames)).not.toContain("aside");
  });
});

describe("a daemon", () => {
  test("that dies is in its channels when it is back, and counts on [CHANNEL-2]", async () => {
    const [alice, bob] = await pair();
    must(await tell(alice, "one", { channel: build }));
    await until("bob has it", () => stateOf(bob)?.unread === 1);
    const { ordinal } = bob.store.state;
    bob.crash();
    await until("bob is away", () => !alice.room.members.isHere("bob"));
    must(await tell(alice, "two", { channel: build }));
    const again = await open(2);
    expect(again.room.channels.names()).toEqual([build]);
    await until("it has the other", () => stateOf(again)?.unread === 2);
    expect(again.store.state.ordinal).toBe(ordinal + 1);
  });

  test("that dies between its journals knows what was decided when it is back [CHANNEL-7]", async () => {
    const [alice, bob] = await pair();
    await bob[Symbol.asyncDispose]();
    // The history takes the act; what is folded from it never reaches the other journal.
    const dying = await places[2]!.open(
      relay.port,
      { root },
      {
        store: (store) =>
          Object.create(store, {
            in: {
              value: (...[record]: Parameters<Store["in"]>) =>
                record.op === "channel-act" ? { ok: true, value: 0 } : store.in(record),
            },
          }) as Store,
      },
    );
    opened.push(dying);
    await inChannel(alice, "bob");
    must(await act(alice, "topic", { text: "in order" }));
    await until("it is in the history", () => [...dying.store.history.back()].some(({ value }) => isTopic(value)));
    dying.crash();
    await until("bob is away", () => !alice.room.members.isHere("bob"));
    const again = await open(2);
    await until("bob knows", () => stateOf(again)?.topic === "in order");
  });

  test("delivers a mention in a channel to who was away", async () => {
    const [alice, bob] = await pair();
    await bob[Symbol.asyncDispose]();
    await until("bob is away", () => !alice.room.members.isHere("bob"));
    const { id } = must(await tell(alice, "look", { to: ["bob"], channel: build }));
    const again = await open(2);
    await until("bob is asked", () => again.store.state.inbox[id]);
    await until("alice knows", () => alice.store.state.outbox[id]?.recipients["bob"]?.state !== "relayed");
  });

  test("that left has what waited for the channel refused for good, and it blocks nothing [POST-7]", async () => {
    const alice = await open(1);
    const event = alice.room.events.make({
      role: "user",
      kind: "message",
      to: [],
      channel: build,
      body: "x",
      media: "text/plain",
    });
    must(await alice.room.outbox.queue(event, [], "x"));
    await until("refused", () => alice.store.state.outbox[event.head.id]?.state === "rejected");
    expect(must(await tell(alice, "for all")).state).toBe("relayed");
  });
});
