// What becomes of one's own events when the relay answers late, never, or with a refusal: scripted, since a real relay does
// these things only in moments that can't be met.
import { readHead } from "@agora/protocol";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { say } from "../../packages/member/src/messages/say.ts";
import { verifies } from "../verifies.ts";
import { type Member, makePlace, must, type Place, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const room = "lobby";
let place: Place;
let relay: ScriptedRelay;
let bob: Peer;
let alice: Member;

const joined = (member: Member): Promise<unknown> => until("joined", () => member.room.connection().state === "joined");
const open = async (): Promise<Member> => {
  const member = await place.open(1, {}, { dial: relay.dial });
  await joined(member);
  return member;
};

beforeEach(async () => {
  place = makePlace("alice");
  relay = new ScriptedRelay();
  bob = new Peer("bob");
  relay.members = [bob.presence()];
  alice = await open();
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

const queue = (text: string, to: string[] = []): ReturnType<typeof say> =>
  say(alice.room, { via: "cli", text, to }, undefined);
const headOf = (head: string) => must(readHead(head));

describe("an own event", () => {
  verifies(["POST-1"], "is posted again, the same bytes, until the relay has stamped it", async () => {
    void queue("keep me");
    const first = await relay.next("post");
    relay.cut();
    const again = await relay.next("post", 2);
    expect(again).toEqual(first);
    alice.crash();
    alice = await open();
    expect(await relay.next("post", 3)).toEqual(first);
    const { id } = headOf(first.event.head);
    relay.give({ type: "stamped", room, id, stamp: "1700000000000-1" });
    await until("relayed", () => alice.store.state.outbox[id]?.state === "relayed");
    relay.cut();
    await relay.next("join", 4);
    expect(relay.sent("post")).toHaveLength(3);
  });

  verifies(
    ["RATE-2"],
    "that came too fast waits as long as it was told, and nothing overtakes it for ever",
    async () => {
      void queue("too fast");
      const { event } = await relay.next("post");
      const { id } = headOf(event.head);
      const told = Date.now();
      relay.give({ type: "refused", room, id, code: "rate", message: "Too fast.", retryAfterMs: 300 });
      await until("it says why", () => alice.room.outbox.waits(id)?.startsWith("rate"));
      expect((await relay.next("post", 2)).event).toEqual(event);
      expect(Date.now() - told).toBeGreaterThanOrEqual(295);
    },
  );

  verifies(
    ["EVENT-9"],
    "that a stop refused leaves no hole, though the void in its place is refused as well",
    async () => {
      const stop = (id: string) => relay.give({ type: "refused", room, id, code: "stopped", message: "Stopped." });
      void queue("too late");
      const said = headOf((await relay.next("post")).event.head);
      stop(said.id);
      const { event } = await relay.next("post", 2);
      expect(headOf(event.head)).toMatchObject({ kind: "void", seq: said.seq });
      stop(headOf(event.head).id);
      alice.room.outbox.released(); // the operator's word that ends the stop
      expect((await relay.next("post", 3)).event).toEqual(event);
      expect(alice.store.state.outbox[said.id]).toMatchObject({ state: "rejected" });
    },
  );

  verifies(
    ["BUSY-3"],
    "that a busy relay did not take is posted again by itself, the same bytes, before what was said later",
    async () => {
      const texts = ["one", "two", "three"];
      for (const text of texts) await queue(text);
      const posts = () => relay.sent("post").map(({ event }) => event);
      await relay.next("post", 3);
      const ids = posts().map(({ head }) => headOf(head).id);
      for (const id of ids)
        relay.give({ type: "refused", room, id, code: "busy", message: "Later.", retryAfterMs: 200 });
      await until("it says why", () => alice.room.outbox.waits(ids[0]!)?.startsWith("busy"));
      await queue("four");
      await relay.next("post", 7);
      const again = posts();
      expect(again.slice(3, 6)).toEqual(again.slice(0, 3));
      expect(again[6]!.body).toBe("four");
      for (const id of ids) expect(alice.store.state.outbox[id]?.state).toBe("queued");
    },
  );

  verifies(["REFUSE-1"], "that was refused with an unknown word waits and is not given up", async () => {
    void queue("patience");
    const { id } = headOf((await relay.next("post")).event.head);
    relay.give({ type: "refused", room, id, code: "constructor", message: "No.", retryAfterMs: 50 });
    await relay.next("post", 2);
    expect(alice.store.state.outbox[id]?.state).toBe("queued");
  });

  verifies(["EVENT-9"], "that was refused for good leaves its number to a void", async () => {
    const said = queue("refuse me", ["bob"]);
    const head = headOf((await relay.next("post")).event.head);
    relay.give({ type: "refused", room, id: head.id, code: "too-big", message: "Too long." });
    expect(await said).toMatchObject({ ok: false, message: expect.stringContaining("Too long.") });
    const nothing = await relay.next("post", 2);
    const { kind, seq, to, body } = headOf(nothing.event.head);
    expect({ kind, seq, to, length: body.length }).toEqual({ kind: "void", seq: head.seq, to: head.to, length: 0 });
    void queue("next", ["bob"]);
    expect(headOf((await relay.next("post", 3)).event.head).seq).toBe(head.seq + 1);
  });

  verifies(
    ["STAMP-4"],
    "that another life of the relay stamped again has the higher stamp, also at its author",
    async () => {
      const said = queue("twice");
      const { event } = await relay.next("post");
      const { id } = headOf(event.head);
      relay.give({ type: "stamped", room, id, stamp: "1700000000000-1" });
      must(await said);
      // As if the daemon had died between keeping the event and noting so: it is queued, and in the history.
      const own = alice.store.state.outbox[id]!;
      (alice.store.state.outbox as Record<string, typeof own>)[id] = { ...own, state: "queued", sealed: event };
      relay.give({ type: "stamped", room, id, stamp: "1700000000009-0" });
      const lines = [...alice.store.history.from(0)].map(({ value }) => value);
      expect(lines).toMatchObject([
        { id, stamp: "1700000000000-1" },
        { restamp: id, stamp: "1700000000009-0" },
      ]);
    },
  );
});

describe("the cursor", () => {
  const after = (join: number): Promise<string | undefined> => relay.next("join", join).then((frame) => frame.after);

  verifies(
    ["STAMP-6", "DELIVER-6"],
    "follows what the relay itself said, never a member's word on a stamp",
    async () => {
      expect(await after(1)).toBeUndefined(); // nothing of the ring: the past comes by healing
      relay.cut();
      expect(await after(2)).toBe(relay.stamp); // from the first `joined`
      await joined(alice);
      relay.give(eventFrame(bob.seal("one"), "1700000000005-0"));
      relay.give(eventFrame(bob.seal("two"), "1799999999999-0", "bob"));
      relay.give(eventFrame({ ...bob.seal("three"), sig: "A".repeat(86) }, "1799999999999-1", "bob")); // not signed
      await until("two kept", () => [...alice.store.history.from(0)].length === 2);
      relay.cut();
      expect(await after(3)).toBe("1700000000005-0");
      await joined(alice);
      // An event of our own that waits and is given back by a member: it was stamped, but when is that member's word.
      void queue("mine");
      const { event } = await relay.next("post");
      relay.give(eventFrame({ ...event }, "1799999999999-2", "bob"));
      await until("stamped", () => alice.store.state.outbox[headOf(event.head).id]?.state === "relayed");
      relay.cut();
      expect(await after(4)).toBe("1700000000005-0");
    },
  );

  verifies(["STAMP-6"], "stays below what the disk did not take", async () => {
    await alice[Symbol.asyncDispose]();
    let isFull = false;
    alice = await place.open(
      1,
      {},
      {
        dial: relay.dial,
        store: (store) => ({
          ...store,
          keep: (...line) => (isFull ? { ok: false, code: "disk", message: "full" } : store.keep(...line)),
        }),
      },
    );
    await joined(alice);
    relay.give(eventFrame(bob.seal("one"), "1700000000005-0"));
    isFull = true;
    const two = bob.seal("two", { to: [{ member: "alice" }] });
    relay.give(eventFrame(two, "1700000000006-0"));
    expect(alice.room.sentences()[0]).toContain("disk");
    expect(alice.store.state.stamp).toBe("1700000000005-0");
    expect(alice.store.state.inbox).toEqual({});
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(relay.sent("receipts")).toEqual([]);
  });
});
