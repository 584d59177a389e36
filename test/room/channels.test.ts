// Channels over a real relay and real rooms: joining by sending, absence, newcomers, removal, and what nobody else gets.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { channel } from "../../packages/member/src/channels/requests.ts";
import { history } from "./read-history.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import type { RequestArgs } from "@agora/ipc";
import { audienceOf, type FromRelay, MAX_CHANNELS } from "@agora/protocol";
import { DEFAULT_RELAY_CONFIG, type Relay } from "@agora/relay";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

let relay: Relay;
let places: Place[];
const place = (name: string): Place => {
  const made = makePlace(name);
  places.push(made);
  return made;
};
beforeEach(async () => {
  relay = await openRelay(0, 5);
  places = [];
});
afterEach(async () => {
  await relay.close();
  for (const p of places) p.remove();
});

const build = "build";
const off = { burst: 0, perSecond: 0 };
const texts = (member: Member, of: string | undefined = build): string[] =>
  must(history(member.room, { limit: 1000, ...(of === undefined ? {} : { channel: of }) }))
    .lines.filter((l) => l.kind === "message")
    .map((l) => l.text);
const acts = (member: Member): string[] =>
  must(history(member.room, { limit: 1000, channel: build }))
    .lines.filter((l) => l.kind === "channel")
    .map((l) => `${l.author} ${l.text}`);
const tell = (member: Member, text: string, more: Partial<RequestArgs<"say">> = {}) =>
  say(member.room, { via: "cli", text, to: [], channel: build, ...more }, undefined);
const act = (member: Member, what: RequestArgs<"channel">["act"], more: Partial<RequestArgs<"channel">> = {}) =>
  channel(member.room, { via: "cli", act: what, channel: "#build", ...more });
const here = (member: Member, ...names: string[]): Promise<unknown> =>
  until(`${names.join()} here`, () => names.every((n) => member.room.members.isHere(n)));
const inChannel = (member: Member, ...names: string[]): Promise<unknown> =>
  until(`${names.join()} in the channel`, () => names.every((n) => member.room.channels.has(build, n)));
const stateOf = (member: Member) => member.room.channels.list().find(({ name }) => name === build);
const numbers = (n: number): string[] => Array.from({ length: n }, (_, i) => `n${i}`);

describe("channels", () => {
  test("are opened by joining, joined by sending, never made by a typing error, and wake nobody [CHANNEL-6]", async () => {
    await using a = await place("alice").open(relay.port);
    await using b = await place("bob").open(relay.port);
    await using c = await place("carol").open(relay.port);
    await here(a, "bob", "carol");
    expect(await tell(b, "anybody?")).toMatchObject({ ok: false, code: "unknown-channel" });
    expect(must(await act(a, "join", { text: "what breaks" }))).toMatchObject({ act: "open", members: ["alice"] });
    await inChannel(b, "alice");
    const wrong = await tell(b, "typo", { channel: "biuld" });
    expect(wrong).toMatchObject({ ok: false, message: expect.stringContaining("Did you mean #build?") as string });
    const said = must(await tell(b, "is it green?"));
    expect(said).toMatchObject({ channel: build, notes: ["You are in #build now, with @alice."], state: "relayed" });
    await until("alice has it", () => texts(a).includes("is it green?"));
    for (const one of [a, c]) await inChannel(one, "alice", "bob");
    // Everybody sees that the channel is there and who is in it; what is said and decided there only they know.
    expect(stateOf(a)).toMatchObject({ topic: "what breaks", owner: "alice", members: ["alice", "bob"], unread: 1 });
    await until("bob knows the topic", () => stateOf(b)?.topic === "what breaks");
    expect(stateOf(c)).toEqual({ name: build, joined: false, unread: 0, members: ["alice", "bob"] });
    expect(texts(c, undefined)).toEqual([]);
    expect(a.store.state.ordinal).toBe(1);
    // What a person was shown is read, and that alone.
    expect(must(history(a.room, { via: "cli", limit: 1, channel: build, since: 1 }))).toMatchObject({ newer: true });
    expect(stateOf(a)?.unread).toBe(1);
    must(history(a.room, { via: "cli", limit: 5, channel: build }));
    expect(stateOf(a)?.unread).toBe(0);
    expect(acts(a)).toEqual(["alice opened the channel: what breaks", "bob joined"]);
  });

  test("mention members of them, and nobody else [CHANNEL-4]", async () => {
    await using a = await place("alice").open(relay.port);
    await using b = await place("bob").open(relay.port);
    await using c = await place("carol").open(relay.port);
    await here(a, "bob", "carol");
    must(await act(a, "join"));
    await inChannel(b, "alice");
    await inChannel(c, "alice");
    must(await act(b, "join"));
    must(await act(c, "join"));
    await inChannel(a, "bob", "carol");
    const { thread } = must(await tell(a, "look", { to: ["bob"] }));
    await until("bob is asked", () => Object.values(b.store.state.inbox).length === 1);
    await until("carol reads along", () => texts(c).includes("look"));
    expect(Object.values(c.store.state.inbox)).toEqual([]);
    expect(c.store.state.ordinal).toBe(1);
    expect(b.store.state.ordinal).toBe(0);
    // The answer to it stays in the channel, and tells who asked.
    const answer = must(await say(b.room, { via: "cli", text: "green", to: [], thread }, undefined));
    expect(answer).toMatchObject({ channel: build, to: ["alice"] });
    await until("alice has the answer", () => Object.values(a.store.state.inbox).some((i) => i.answers !== undefined));
    await until("carol reads the answer", () => texts(c).includes("green"));
    must(await act(c, "leave"));
    await until("carol has left", () => !a.room.channels.has(build, "carol"));
    const refused = await tell(a, "and you?", { to: ["carol"] });
    expect(refused).toMatchObject({ ok: false, message: "@carol is not in #build; nothing was sent." });
  });

  test("reach members who were away, from whoever is in them, also over a relay's end [CHANNEL-2] [CHANNEL-5]", async () => {
    const [pa, pb, pc, pd] = [place("alice"), place("bob"), place("carol"), place("dora")];
    await using c = await pc.open(relay.port);
    await using d = await pd.open(relay.port);
    {
      await using a = await pa.open(relay.port);
      await here(a, "carol", "dora");
      must(await act(a, "join"));
      {
        await using b = await pb.open(relay.port);
        await inChannel(b, "alice");
        must(await act(b, "join"));
        await inChannel(c, "alice");
        must(await act(c, "join"));
        await inChannel(a, "bob", "carol");
        must(await tell(a, "first"));
        await until("bob has it", () => texts(b).includes("first"));
      }
      for (const text of numbers(20)) must(await tell(a, text));
      await until("carol has all", () => texts(c).length === 21);
    }
    const { port } = relay;
    await relay.close();
    relay = await openRelay(port, 5);
    // The relay knows nothing any more, and the author is away: carol alone can give it.
    await using b = await pb.open(port);
    await until("bob has all", () => texts(b).length === 21);
    expect(texts(b)).toEqual(["first", ...numbers(20)]);
    expect(b.store.state.ordinal).toBe(21);
    expect(b.room.channels.names()).toEqual([build]);
    await inChannel(d, "bob", "carol");
    expect(texts(d, undefined)).toEqual([]);
  });

  test("give a newcomer their past, as history, and what was decided whatever its age [CHANNEL-5] [CHANNEL-7]", async () => {
    await relay.close();
    relay = await openRelay(0, 5, undefined, {
      limits: { ...DEFAULT_RELAY_CONFIG.limits, rate: { agent: off, user: off }, history: 10 },
    });
    await using a = await place("alice").open(relay.port);
    await using b = await place("bob").open(relay.port);
    await here(a, "bob");
    must(await act(a, "join", { text: "what breaks" }));
    for (const text of numbers(30)) must(await tell(a, text));
    // A busy room does not push the channel's past out of what a newcomer is given.
    for (const text of numbers(30)) must(await tell(a, `room ${text}`, { channel: undefined }));
    await inChannel(b, "alice");
    must(await act(b, "join"));
    await until("bob has the past", () => {
      const past = texts(b);
      return past.length >= 9 && past.at(-1) === "n29" && past.at(-past.length) === `n${30 - past.length}`;
    });
    await until("bob knows what was decided", () => stateOf(b)?.owner === "alice");
    expect(stateOf(b)?.topic).toBe("what breaks");
    expect(texts(b)).toEqual(numbers(30).slice(30 - texts(b).length));
    expect(texts(b).length).toBeLessThanOrEqual(10);
    expect(stateOf(b)?.unread).toBe(0);
    const before = b.store.state.ordinal;
    must(await tell(a, "new"));
    await until("bob has the new", () => texts(b).includes("new"));
    expect(b.store.state.ordinal).toBe(before + 1);
    expect(await act(b, "topic", { text: "mine" })).toMatchObject({
      ok: false,
      message: "In #build @alice, who opened it, sets its topic, or an operator or a lead does.",
    });
  });

  test("put out whom their owner removes, also when it was away, and take nothing of it [CHANNEL-8]", async () => {
    const pb = place("bob");
    await using a = await place("alice").open(relay.port);
    await using c = await place("carol").open(relay.port);
    {
      await using b = await pb.open(relay.port);
      await here(a, "bob", "carol");
      must(await act(a, "join"));
      await inChannel(b, "alice");
      must(await act(b, "join"));
      await inChannel(c, "alice");
      must(await act(c, "join"));
      await inChannel(a, "bob", "carol");
    }
    expect(await act(c, "remove", { member: "bob" })).toMatchObject({ ok: false, code: "not-allowed" });
    must(await act(a, "remove", { member: "bob" }));
    for (const text of numbers(10)) must(await tell(a, text)); // the relay's ring holds five
    await using b = await pb.open(relay.port);
    await until("bob is out", () => !b.room.channels.isIn(build));
    await until("all see it", () => !c.room.channels.has(build, "bob"));
    expect(b.room.sentences()).toContain("@alice removed you from #build: nothing of it comes here any more.");
    expect(await act(b, "join")).toMatchObject({ ok: false, code: "not-allowed" });
    const before = texts(b).length;
    must(await tell(a, "among us"));
    await until("carol has it", () => texts(c).includes("among us"));
    await new Promise((r) => setTimeout(r, 300));
    expect(texts(b)).toHaveLength(before);
    must(await act(a, "admit", { member: "bob" }));
    must(await act(b, "join"));
    await inChannel(a, "bob");
    must(await tell(a, "with you"));
    await until("bob has it", () => texts(b).includes("with you"));
    await until("and the rest", () => texts(b).includes("among us"));
  });

  test("who is admitted again can join, though nobody else says anything in the room [CHANNEL-7]", async () => {
    await using a = await place("alice").open(relay.port);
    await using b = await place("bob").open(relay.port);
    await here(a, "bob");
    await here(b, "alice");
    must(await act(a, "join"));
    await inChannel(b, "alice");
    must(await act(b, "join"));
    for (let round = 1; round <= 8; round += 1) {
      await inChannel(a, "bob");
      must(await act(a, "remove", { member: "bob" }));
      await until("bob is out", () => !b.room.channels.isIn(build));
      must(await act(a, "admit", { member: "bob" }));
      expect([round, (await act(b, "join")).ok]).toEqual([round, true]);
    }
  });

  test("who is admitted again can join as its last channel, and is not held for in one too many [CHANNEL-2]", async () => {
    await using a = await place("alice").open(relay.port);
    await using b = await place("bob").open(relay.port);
    await here(a, "bob");
    await here(b, "alice");
    for (let n = 1; n < MAX_CHANNELS; n += 1) b.room.channels.enter(`c${n}`);
    await until("all are told", () => a.room.members.get("bob")?.channels?.length === MAX_CHANNELS - 1);
    must(await act(a, "join"));
    await inChannel(b, "alice");
    must(await act(b, "join"));
    await inChannel(a, "bob");
    must(await act(a, "remove", { member: "bob" }));
    await until("bob is out", () => !b.room.channels.isIn(build));
    must(await act(a, "admit", { member: "bob" }));
    expect(await act(b, "join")).toMatchObject({ ok: true });
    b.room.channels.leave(build);
    b.room.channels.enter("one-more");
    expect(await act(b, "join")).toMatchObject({ ok: false, message: expect.stringContaining("leave one first") });
    expect(b.room.channels.names()).toHaveLength(MAX_CHANNELS);
  });

  test("a file that is offered there is given to their members alone [FILE-11]", async () => {
    await using a = await place("alice").open(relay.port);
    const pb = place("bob");
    await using b = await pb.open(relay.port);
    await here(a, "bob");
    must(await act(a, "join"));
    await inChannel(b, "alice");
    must(await act(b, "join"));
    const path = join(places[0]!.dir, "project", "plan.md");
    writeFileSync(path, "the plan");
    const { id } = must(await tell(a, "look", { file: path }));
    await until("bob has it", () => b.room.files.stateOf(id)?.state === "stored");
    using mallory = await RawMember.join({ url: `ws://127.0.0.1:${relay.port}` }, { name: "mallory" });
    await here(a, "mallory");
    mallory.send({ type: "file", room: "lobby", to: "alice", step: "want", id, offset: 0 });
    expect(await mallory.next("file")).toMatchObject({ step: "refuse", code: "busy" });
    expect(mallory.chunks).toEqual([]);
  });

  test("a member that asks for a channel it is not in is given nothing of it [CHANNEL-5]", async () => {
    await using a = await place("alice").open(relay.port);
    must(await until("joined", () => a.room.connection().state === "joined" && { ok: true as const, value: 1 }));
    must(await act(a, "join"));
    must(await tell(a, "secret"));
    must(await tell(a, "for all", { channel: undefined }));
    using mallory = await RawMember.join({ url: `ws://127.0.0.1:${relay.port}` }, { name: "mallory" });
    await here(a, "mallory");
    const ask = { type: "heal", room: "lobby", to: "alice", step: "marks", since: "0-0" } as const;
    const marks = [{ key: a.room.myKey, audience: "#build", ranges: [[1, 1]] as [number, number][] }];
    // Her own question comes as well, in its time.
    const isAnswered = (f: FromRelay): f is Extract<FromRelay, { type: "heal" }> =>
      f.type === "heal" && f.step === "done";
    mallory.send({ ...ask, marks, channels: { build: "0-0" } });
    await mallory.nextThat(isAnswered);
    const given = mallory.frames.flatMap((f) => (f.type === "event" ? [f.event.body] : []));
    expect(given).toEqual(["for all"]);
    // By saying that it is in it, it is: everybody sees that, and it may know what is said there.
    mallory.send({ type: "channels", room: "lobby", channels: [build] });
    await inChannel(a, "mallory");
    await new Promise((r) => setTimeout(r, 200));
    mallory.send({ ...ask, marks: [], channels: { build: "0-0" } });
    await mallory.nextThat(isAnswered);
    const audiences = mallory.frames.flatMap((f) => (f.type === "event" ? [audienceOf(JSON.parse(f.event.head))] : []));
    expect(audiences).toContain("#build");
  });
});
