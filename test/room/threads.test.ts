// Who is answered in a thread: those who take part in it, and nobody who only names it.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { append, say } from "../../packages/member/src/messages/say.ts";
import type { RequestArgs } from "@agora/ipc";
import { readHead } from "@agora/protocol";
import { NOWHERE } from "@agora/member";
import { ipcSession, type Member, makePlace, must, type Place, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const room = "lobby";
let place: Place;
let relay: ScriptedRelay;
let bob: Peer;
let mallory: Peer;
let alice: Member;
let stamps = 0;

beforeEach(async () => {
  place = makePlace("alice");
  relay = new ScriptedRelay();
  [bob, mallory] = [new Peer("bob"), new Peer("mallory")];
  relay.members = [bob.presence(), mallory.presence()];
  alice = await place.open(1, {}, { dial: relay.dial });
  await until("joined", () => alice.room.connection().state === "joined");
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

const stamp = (): string => `1700000000000-${(stamps += 1)}`;
/** An event of a peer, as the relay sends it; gives its id. */
async function comes(peer: Peer, text: string, draft: Parameters<Peer["seal"]>[1]): Promise<string> {
  const event = peer.seal(text, draft);
  relay.give(eventFrame(event, stamp()));
  await until(text, () => [...alice.store.history.back()].some(({ value }) => "id" in value && value.id === event.id));
  return event.id;
}
const toAlice = () => [{ member: "alice", key: alice.room.myKey }];
/** What alice says, and to whom it went; the relay stamps it. */
async function tell(text: string, more: Partial<RequestArgs<"say">>, seat?: string): Promise<unknown> {
  const posts = relay.sent("post").length;
  const whose = seat === undefined ? undefined : alice.store.state.seats[seat];
  const said = say(alice.room, { via: seat === undefined ? "cli" : "tool", text, to: [], ...more }, whose);
  const first = await Promise.race([said, relay.next("post", posts + 1)]);
  if ("ok" in first && !first.ok) return first;
  // On a busy machine it is told that it waits to be sent before the relay has it.
  const { id, to } = must(readHead((await relay.next("post", posts + 1)).event.head));
  relay.give({ type: "stamped", room, id, stamp: stamp() });
  must(await said);
  return to.map(({ member }) => member);
}

describe("a private thread", () => {
  test("draws nobody in who names it: neither by asking in it, nor by being answered apart", async () => {
    const thread = await comes(bob, "between us", { to: toAlice() });
    const asked = await comes(mallory, "me too", { to: toAlice(), thread });
    // Who asked is not answered before the other, nor the other before who asked: it has to be said.
    for (const answer of [
      await tell("secret", { thread }),
      await append(alice.room, { via: "cli", text: "secret", thread }, undefined),
    ])
      expect(answer).toMatchObject({
        ok: false,
        code: "ambiguous",
        message: expect.stringContaining("@mallory") as string,
      });
    expect(await tell("no", { thread, to: ["mallory"] })).toEqual(["mallory"]);
    expect(alice.store.state.inbox[asked]).toBeUndefined();
    expect(await tell("secret", { thread })).toEqual(["bob"]);
    await comes(mallory, "all of you", { thread });
    expect(await tell("secret too", { thread })).toEqual(["bob"]);
  });

  test("that is long forgotten never becomes a word to the whole room", async () => {
    const thread = await comes(bob, "between us", { to: toAlice() });
    expect(await tell("yes", { thread })).toEqual(["bob"]);
    const { state } = alice.store;
    // Behind more than is searched, and no more among the latest threads.
    const key = "A".repeat(1024 * 1024);
    for (let n = 0; n < 130; n += 1) alice.store.keep({ restamp: thread, key, stamp: stamp(), at: Date.now() });
    delete state.threads[thread];
    expect(await tell("still between us", { thread })).toEqual(["bob"]);
    // Not even what was said in it is kept any more.
    delete state.threads[thread];
    for (const [id, own] of Object.entries(state.outbox)) state.outbox[id] = { ...own, position: NOWHERE };
    for (const [id, item] of Object.entries(state.inbox)) state.inbox[id] = { ...item, position: NOWHERE };
    vi.spyOn(alice.store.history, "holding").mockReturnValue([]);
    expect(await tell("still between us", { thread })).toMatchObject({ ok: false, code: "unknown-thread" });
  });

  test("grows by whom those who take part address together", async () => {
    const thread = await comes(bob, "between us", { to: toAlice() });
    await comes(bob, "and mallory", { to: [...toAlice(), { member: "mallory", key: mallory.key }], thread });
    await comes(mallory, "thanks", { to: toAlice(), thread });
    expect(await tell("for both", { thread })).toEqual(["bob", "mallory"]);
  });

  test("that is forgotten is not given to the room, nor to who names it then", async () => {
    const thread = await comes(bob, "between us", { to: toAlice() });
    for (let n = 0; n < 1_105; n += 1) relay.give(eventFrame(new Peer(`n${n}`).seal("flood"), stamp()));
    await until("forgotten", () => alice.store.state.threads[thread] === undefined);
    await comes(mallory, "in public", { thread });
    expect(await tell("secret", { thread })).toEqual(["bob"]);
    expect(alice.store.state.threads[thread]).toMatchObject({ members: [{ member: "bob" }, { member: "alice" }] });
  });
});

test("whoever asks is answered: a session names only its author, and is in the thread where it was asked", async () => {
  const { seat } = alice.room.seats.attach(ipcSession("1"), "claude", "s1");
  await alice.room.inbox.setMode("auto");
  const thread = await comes(bob, "between us", { to: toAlice() });
  const asked = await comes(mallory, "me too", { to: toAlice(), thread });
  expect(alice.room.seats.prompt(seat, true).items).toHaveLength(2);
  expect(await tell("here", { to: ["mallory"] }, seat)).toEqual(["mallory"]);
  expect(alice.store.state.inbox[asked]).toBeUndefined();
  const answer = must(readHead(relay.sent("post").at(-1)!.event.head));
  expect([answer.thread, answer.about]).toEqual([thread, { how: "answers", id: asked }]);
  expect(await tell("for you", { thread }, seat)).toEqual(["bob"]);
});
