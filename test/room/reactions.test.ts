// Reactions between two members: beside the line, without waking or asking anybody.
import type { Push, Session } from "@agora/ipc";
import { expect, test } from "vitest";
import { verifies } from "../verifies.ts";
import { history } from "./read-history.ts";
import { watch } from "../../packages/member/src/messages/watch.ts";
import { ipcSession, makePlace, type Member, must, openRelay, request, until } from "./fixture.ts";

async function withTwo(work: (alice: Member, bob: Member, again: () => Promise<Member>) => Promise<void>) {
  const relay = await openRelay();
  const [a, b] = [makePlace("alice"), makePlace("bob")];
  const alice = await a.open(relay.port);
  let bob = await b.open(relay.port, { mode: "auto" });
  try {
    await until("both are here", () => alice.room.members.isHere("bob") && bob.room.members.isHere("alice"));
    await work(alice, bob, async () => {
      await bob[Symbol.asyncDispose]();
      return (bob = await b.open(relay.port));
    });
  } finally {
    await alice[Symbol.asyncDispose]();
    await bob[Symbol.asyncDispose]();
    await relay.close();
    for (const place of [a, b]) place.remove();
  }
}
const say = async (member: Member, text: string, to: string[] = []): Promise<string> =>
  must(await request(member, "say", { via: "cli", text, to })).id;
const lineOf = (member: Member, id: string) => must(history(member.room, { limit: 20 })).lines.find((l) => l.id === id);
const shown = (member: Member, id: string): string =>
  (lineOf(member, id)?.reactions ?? [])
    .map(({ text, by }) => `${text} ${by.map((one) => `${one.member}:${one.role}`).join(" ")}`)
    .join("; ");

verifies(
  ["REACTION-1"],
  "people and agents react to what was said; it wakes nobody, and is no talk, no turn and no thread",
  () =>
    withTwo(async (alice, bob, again) => {
      bob.room.seats.attach(ipcSession("1"), "claude", "s1");
      const pushed: Push[] = [];
      const session: Session = { ...ipcSession("2"), push: (push) => void pushed.push(push) };
      watch(alice.room, {}, session);
      const toAll = await say(alice, "the build is green");
      await until("bob has it", () => lineOf(bob, toAll) !== undefined);
      bob.room.seats.prompt("claude", true);
      bob.room.seats.prompt("claude", true); // shown again, once
      const [ordinal, threads] = [bob.store.state.ordinal, JSON.stringify(bob.store.state.threads)];
      must(await request(bob, "react", { via: "tool", id: toAll, text: "done" }));
      const did = must(await request(bob, "react", { via: "cli", id: toAll.slice(0, 10), text: "👍" }));
      expect(did).toMatchObject({ about: toAll, text: "👍", state: "relayed" });
      must(await request(alice, "react", { via: "cli", id: toAll, text: "👍" }));
      const all = "👍 alice:user bob:user; done bob:agent";
      await until("both show it", () => shown(alice, toAll) === all && shown(bob, toAll) === all);
      await until("who watches was told", () => pushed.some((push) => JSON.stringify(push).includes('"text":"done"')));
      expect(pushed.findLast(({ push }) => push === "reactions")).toMatchObject({ id: toAll });
      expect(must(history(bob.room, { limit: 20 })).lines).toHaveLength(1);
      expect(bob.room.seats.prompt("claude", true).items).toEqual([]);
      expect([bob.store.state.ordinal, JSON.stringify(bob.store.state.threads)]).toEqual([ordinal, threads]);
      expect(Object.keys(alice.store.state.inbox)).toEqual([]);
      expect(Object.values(alice.store.state.chains).flatMap(({ turns }) => Object.keys(turns))).toEqual([]);
      must(await request(bob, "react", { via: "cli", id: toAll, text: "" }));
      await until("it is taken back", () => shown(alice, toAll) === "done bob:agent; 👍 alice:user");
      expect(shown(await again(), toAll)).toBe("done bob:agent; 👍 alice:user");
    }),
);

test("a reaction to what was said to one member goes to that one alone, waits nowhere and is stored [REACTION-1]", () =>
  withTwo(async (alice, bob) => {
    const id = await say(bob, "look at this", ["alice"]);
    await until("alice has it", () => alice.store.state.inbox[id] !== undefined);
    const done = must(await request(alice, "react", { via: "cli", id, text: "👀" }));
    await until("bob shows it", () => shown(bob, id) === "👀 alice:user");
    await until("alice knows", () => alice.store.state.outbox[done.id]?.recipients["bob"]?.state === "stored");
    expect(bob.store.state.inbox).toEqual({});
    expect(alice.store.state.inbox[id]?.state).toBe("open"); // it answers nothing
  }));

test("what is no reaction, and what nobody said, is refused in a sentence [REACTION-2]", () =>
  withTwo(async (alice) => {
    const id = await say(alice, "hello");
    const refused = async (word: string, text: string) => {
      const answer = await request(alice, "react", { via: "cli", id: word, text });
      return answer.ok ? "" : `${answer.code}: ${answer.message}`;
    };
    expect(await refused(id, "two words")).toMatch(/^bad-request: A reaction is one emoji or one word/);
    expect(await refused(id, "\u202eevil")).toMatch(/^bad-request/);
    expect(await refused("zzzzzzzz", "👍")).toMatch(/^unknown-message: Nothing that is kept here/);
    expect(await refused("../etc", "👍")).toMatch(/^unknown-message: Which message/);
    expect(Object.keys(alice.store.state.reactions)).toEqual([]);
  }));
