// A member that means ill, with everything a relay passes on: nothing of it crashes a daemon, fills its memory, reaches an
// inbox wrongly, or moves what belongs to another.
import { setImmediate as nextTurn } from "node:timers/promises";
import { newId } from "@agora/protocol";
import { isRestamp, MAX_ITEMS, MAX_STRANGERS_ITEMS } from "@agora/member";
import { describe, expect, test } from "vitest";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { MAX_RESTAMPS } from "../../packages/member/src/kernel/receive.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { ipcSession, until } from "./fixture.ts";
import { Peer } from "./peer.ts";
import {
  room,
  toBob,
  relay,
  alice,
  bob,
  mallory,
  now,
  deliver,
  handled,
  items,
  kept,
  tell,
  useHostileRoom,
} from "./hostile-room.ts";

useHostileRoom();

describe("events of a hostile member", () => {
  test("with bad signatures, under pinned names or as your own: nothing is kept", async () => {
    const honest = mallory.seal("true", { to: toBob });
    deliver({ ...honest, body: "false" });
    deliver({ ...honest, sig: mallory.seal("x").sig });
    deliver({ ...honest, head: honest.head.replace('"hop":0', '"hop":1') });
    deliver(new Peer("alice", mallory.pair).seal("I am alice", { to: toBob }));
    deliver(new Peer("bob", mallory.pair).seal("I am you", { to: toBob }));
    deliver(new Peer("alice", mallory.pair).seal("I am alice, to all"));
    mallory.post({ ...mallory.seal("posted", { to: toBob }), sig: honest.sig });
    await handled();
    expect([items(), kept()]).toEqual([[], ["mallory: that was all"]]);
  });

  test("replayed, as often as it likes, under any stamp: once in the inbox, one event in the history", async () => {
    const id = await tell(alice, [], "to the room");
    const theirs = (await mallory.next("event")).event;
    const own = mallory.seal("again", { to: toBob });
    mallory.post(own);
    for (let n = 0; n < 300; n += 1) {
      deliver(own, now(n));
      deliver(theirs, `${Date.now() + 500_000}-${n}`);
    }
    await handled();
    expect(items()).toEqual(["mallory: again"]);
    const lines = [...bob.store.history.from(0)].map(({ value }) => value);
    expect(lines.filter((line) => !isRestamp(line))).toHaveLength(3);
    expect(lines.length - 3).toBeLessThanOrEqual(MAX_RESTAMPS); // the author may move its own event so often
    expect(bob.store.state.stamp < `${Date.now() + 1_000}-0`).toBe(true);
    expect(alice.store.state.outbox[id]?.state).toBe("relayed");
  });

  test("under the id of what another is about to ask: that one is told, and does not vanish", async () => {
    const [from, id] = [alice, newId()];
    mallory.post(mallory.seal("mine first", { to: toBob, id }));
    await handled();
    await tell(from, ["bob"], "the real one", { id });
    const told = await until("alice is told", () => from.store.state.outbox[id]?.recipients["bob"]?.reason);
    expect(told).toMatch(/its id is that of another's event/);
    expect(items()).toEqual(["mallory: mine first"]);
    expect(kept()).toContain("alice: the real one");
  });

  test("with seqs, hops and audiences without measure: bounded, and nobody else's numbers are forgotten", async () => {
    await tell(alice, [], "one");
    await until("kept", () => kept().length === 1);
    const [one] = [...bob.store.history.from(0)].map(({ value }) => value);
    deliver(mallory.seal("far", { seq: Number.MAX_SAFE_INTEGER, hop: Number.MAX_SAFE_INTEGER }));
    for (let n = 1; n < 400; n += 1) deliver(mallory.seal("gap", { seq: n * 1_000 }));
    const crowd = Array.from({ length: 63 }, (_, n) => ({ member: `m${n}` }));
    const thread = newId();
    for (let n = 0; n < 5_200; n += 1) {
      deliver(mallory.seal("", { to: [...toBob, { member: `x${n}` }], thread }));
      // Signed here, in the process of those who receive: all at once would keep their heartbeats waiting.
      if (n % 100 === 0) await nextTurn();
    }
    for (let n = 0; n < 20; n += 1)
      deliver(
        mallory.seal("", {
          to: [...toBob, ...crowd.map((a) => ({ member: `${a.member}-${n}` }))].slice(0, 64),
          thread,
        }),
      );
    await handled();
    expect(Object.keys(bob.store.state.marks).length).toBeLessThanOrEqual(5_000);
    expect(bob.store.state.threads[thread]!.members.length).toBeLessThanOrEqual(64);
    // Alice's word is still known: it can't be played in again.
    if (one === undefined || !("id" in one)) throw new Error("not kept");
    deliver({ head: one.head, sig: one.sig, body: one.text });
    await handled();
    expect(kept().filter((line) => line === "alice: one")).toHaveLength(1);
    // What a model was shown of it does not mute its answers.
    const seat = bob.room.seats.attach(ipcSession("1"), "claude", "s1");
    deliver(mallory.seal("hop", { hop: Number.MAX_SAFE_INTEGER }));
    await handled();
    bob.room.seats.prompt("claude", true);
    expect(
      await say(bob.room, { via: "tool", text: "I can still speak", to: [] }, bob.store.state.seats[seat.seat]),
    ).toMatchObject({ ok: true });
  });

  test("in a flood: bob's inbox is bounded, and alice's mail stays in it", async () => {
    const id = await tell(alice, ["bob"], "important");
    await until("stored", () => alice.store.state.outbox[id]?.recipients["bob"]?.state === "stored");
    for (let n = 0; n < MAX_ITEMS + 500; n += 1) {
      deliver(mallory.seal(`flood ${n}`, { to: toBob }));
      if (n % 100 === 0) await nextTurn();
    }
    await handled();
    expect(Object.keys(bob.store.state.inbox)).toHaveLength(MAX_STRANGERS_ITEMS);
    expect(items()).toContain("alice: important");
    expect(alice.store.state.outbox[id]?.recipients["bob"]?.state).toBe("stored");
    const second = await tell(alice, ["bob"], "still heard");
    await until("stored", () => alice.store.state.outbox[second]?.recipients["bob"]?.state === "stored");
  });
});

describe("receipts of a hostile member", () => {
  test("move nothing that was not addressed to it, whatever it is called", async () => {
    using builtIn = await RawMember.join(relay, { name: "constructor" });
    const id = await tell(alice, ["bob"], "for bob");
    await until("stored", () => alice.store.state.outbox[id]?.recipients["bob"]?.state === "stored");
    for (const member of [mallory, builtIn]) {
      member.send({ type: "receipts", room, to: "alice", items: [{ id, state: "answered", at: Date.now() }] });
      const many = Array.from({ length: 500 }, () => ({ id: newId(), state: "seen" as const, at: Date.now() }));
      for (let n = 0; n < 20; n += 1) member.send({ type: "receipts", room, to: "alice", items: many });
    }
    await tell(bob, ["alice"], "after that");
    await until("handled", () => items(alice).length === 1);
    expect(Object.entries(alice.store.state.outbox[id]!.recipients)).toMatchObject([["bob", { state: "stored" }]]);
  });
});
