// Whatever a request wanted to say: when the relay refuses it, the request says so, and what it was about waits as before.
import { readHead } from "@agora/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask } from "../../packages/member/src/questions/ask.ts";
import { channel } from "../../packages/member/src/channels/requests.ts";
import { decide } from "../../packages/member/src/decisions/requests.ts";
import { answer, withdraw } from "../../packages/member/src/questions/requests.ts";
import { append, say } from "../../packages/member/src/messages/say.ts";
import { reject } from "../../packages/member/src/messages/reject.ts";
import { type Member, makePlace, must, type Place, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const room = "lobby";
let place: Place;
let relay: ScriptedRelay;
let bob: Peer;
let alice: Member;
let stamps = 0;
const answered = new Set<string>();

beforeEach(async () => {
  place = makePlace("alice");
  relay = new ScriptedRelay();
  bob = new Peer("bob");
  relay.members = [bob.presence()];
  alice = await place.open(1, {}, { dial: relay.dial });
  await until("joined", () => alice.room.connection().state === "joined");
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

/** What alice said and the relay has not answered yet, without what only fills the place of something refused. */
const unanswered = (): string | undefined =>
  relay
    .sent("post")
    .map(({ event }) => must(readHead(event.head)))
    .find(({ id, kind }) => kind !== "void" && !answered.has(id))?.id;

/** The next thing alice posts, answered by the relay. */
async function meanwhile<T>(work: Promise<T>, how: "refused" | "stamped"): Promise<T> {
  const id = await until("a post", unanswered);
  answered.add(id);
  if (how === "refused") relay.give({ type: "refused", room, id, code: "too-big", message: "The text is too long." });
  else relay.give({ type: "stamped", room, id, stamp: `${Date.now()}-${(stamps += 1)}` });
  return work;
}
const REFUSED = { ok: false, message: expect.stringContaining("The text is too long.") as unknown };
const cli = { via: "cli" } as const;

test("what is said, recorded, asked or opened", async () => {
  const done = async (work: Promise<unknown>): Promise<unknown> => meanwhile(work, "refused");
  expect(await done(say(alice.room, { ...cli, text: "hello", to: ["bob"] }, undefined))).toMatchObject(REFUSED);
  expect(await done(decide(alice.room, { ...cli, text: "we take Postgres" }))).toMatchObject(REFUSED);
  const asks = { ...cli, text: "which one?", to: ["bob"] };
  expect(await done(ask(alice.room, asks, undefined, () => undefined))).toMatchObject(REFUSED);
  expect(await done(channel(alice.room, { ...cli, act: "join", channel: "build" }))).toMatchObject(REFUSED);
  expect(alice.room.channels.isIn("build")).toBe(false);
});

test("a refusal: what was to be refused still waits", async () => {
  const wanted = bob.seal("please look", { to: [{ member: "alice", key: alice.room.myKey }] });
  relay.give(eventFrame(wanted, `${Date.now()}-0`));
  const item = await until("the mention", () => Object.values(alice.store.state.inbox)[0]);
  const { thread } = item;
  expect(await meanwhile(reject(alice.room, { ...cli, thread, reason: "no" }, undefined), "refused")).toMatchObject(
    REFUSED,
  );
  expect(Object.keys(alice.store.state.inbox)).toEqual([item.id]);
  expect(await meanwhile(append(alice.room, { ...cli, thread, text: "more" }, undefined), "refused")).toMatchObject(
    REFUSED,
  );
  expect(
    await meanwhile(say(alice.room, { ...cli, thread, text: "done", to: [] }, undefined), "refused"),
  ).toMatchObject(REFUSED);
  expect(Object.keys(alice.store.state.inbox)).toEqual([item.id]);
});

test("a question taken back stays open", async () => {
  const asks = { ...cli, text: "which one?", to: ["bob"] };
  const asked = must(
    await meanwhile(
      ask(alice.room, asks, undefined, () => undefined),
      "stamped",
    ),
  );
  const taken = withdraw(alice.room, { ...cli, question: asked.id }, undefined);
  expect(await meanwhile(taken, "refused")).toMatchObject(REFUSED);
  expect(alice.room.questions.standing(asked.id)?.state).toBe("open");
});

test("an answer: the question still waits for the person", async () => {
  const asks = { via: "tool", text: "which one?", to: [] } as const;
  const asked = must(
    await meanwhile(
      ask(alice.room, { ...asks, to: [] }, undefined, () => undefined),
      "stamped",
    ),
  );
  const given = answer(alice.room, { ...cli, question: asked.id, words: "Postgres" });
  expect(await meanwhile(given, "refused")).toMatchObject(REFUSED);
  expect(alice.store.state.inbox[asked.id]?.question).toBe(true);
});

test("an id that was refused is not said to be done when it is asked for again; nor do other words go out under it", async () => {
  const id = "a".repeat(26);
  const first = { ...cli, text: "hello", to: ["bob"], id };
  const said = must(await meanwhile(say(alice.room, first, undefined), "stamped"));
  expect(must(await say(alice.room, first, undefined)).id).toBe(said.id);
  expect(await say(alice.room, { ...first, text: "something else" }, undefined)).toMatchObject({ code: "reused" });
  expect(await say(alice.room, { ...first, to: [] }, undefined)).toMatchObject({ ok: true });
  const second = { ...first, id: "b".repeat(26) };
  await meanwhile(say(alice.room, second, undefined), "refused");
  expect(await say(alice.room, second, undefined)).toMatchObject(REFUSED);
});
