// Who may say where an event is, when, and to whom it is kept and handed: receipts and deliveries on both sides.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readHead } from "@agora/protocol";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { say } from "../../packages/member/src/messages/say.ts";
import { verifies } from "../verifies.ts";
import { ipcSession, type Member, makePlace, must, type Place, type RoomWorld, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const room = "lobby";
let place: Place;
let relay: ScriptedRelay;
let bob: Peer;
let carol: Peer;
let alice: Member;
let returns = 1;

const open = async (world: RoomWorld = {}): Promise<void> => {
  alice = await place.open(1, {}, { dial: relay.dial, ...world });
  await until("joined", () => alice.room.connection().state === "joined");
};
beforeEach(async () => {
  place = makePlace("alice");
  relay = new ScriptedRelay();
  [bob, carol] = [new Peer("bob"), new Peer("carol")];
  relay.members = [bob.presence(), carol.presence()];
  await open();
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const toBob = async (missed: string[] = []): Promise<string> => {
  const posts = relay.sent("post").length;
  const said = say(alice.room, { via: "cli", text: "for bob", to: ["bob"] }, undefined);
  const { id } = must(readHead((await relay.next("post", posts + 1)).event.head));
  relay.give({
    type: "stamped",
    room,
    id,
    stamp: `1700000000000-${posts + 1}`,
    ...(missed.length === 0 ? {} : { missed }),
  });
  must(await said);
  return id;
};
const receipt = (id: string, from: Peer, state: "stored" | "seen" | "answered", more = {}): void =>
  relay.give({
    type: "receipts",
    room,
    from: from.name,
    key: from.key,
    items: [{ id, state, at: Date.now(), ...more }],
  });
const stateOf = (id: string, name = "bob"): string | undefined => alice.store.state.outbox[id]?.recipients[name]?.state;
const journalLines = (): number =>
  readFileSync(join(place.dir, "project", ".agora", "outbox.jsonl"), "utf8").split("\n").length;
const comes = (peer: Peer, online: boolean): void =>
  relay.give({ type: "presence", room, members: [{ ...peer.presence(online), since: (returns += 1) }] });

describe("a receipt", () => {
  verifies(["RECEIPT-4"], "is taken from an addressed member only, under the key that was meant", async () => {
    const id = await toBob();
    const [impostor, builtIn] = [new Peer("bob"), new Peer("constructor")];
    relay.give({ type: "presence", room, members: [builtIn.presence()] });
    for (const other of [carol, impostor, builtIn]) receipt(id, other, "answered");
    expect(alice.store.state.outbox[id]?.recipients).toMatchObject({ bob: { state: "relayed" } });
    expect(Object.keys(alice.store.state.outbox[id]!.recipients)).toEqual(["bob"]);
    must(await alice.pins.repin("bob", impostor.key)); // trusted from now on, not for what was said before
    receipt(id, impostor, "answered");
    expect(stateOf(id)).toBe("relayed");
    receipt(id, bob, "stored");
    expect(stateOf(id)).toBe("stored");
  });

  verifies(
    ["RECEIPT-2"],
    "of the same state counts when it is later, but nobody can write a journal full",
    async () => {
      const id = await toBob();
      receipt(id, bob, "stored", { at: 10, reason: "first" });
      receipt(id, bob, "stored", { at: 9, reason: "older" });
      expect(alice.store.state.outbox[id]?.recipients["bob"]?.reason).toBe("first");
      receipt(id, bob, "stored", { at: 11, reason: "later" });
      expect(alice.store.state.outbox[id]?.recipients["bob"]?.reason).toBe("later");
      for (let at = 100; at < 2_100; at += 1) receipt(id, bob, "stored", { at, reason: `word ${at}` });
      expect(journalLines()).toBeLessThan(300);
      receipt(id, bob, "seen");
      expect(stateOf(id)).toBe("seen");
    },
  );

  verifies(
    ["RECEIPT-5"],
    "says stored only when the journal is on the disk, seen only after a later sign",
    async () => {
      await alice[Symbol.asyncDispose]();
      let onDisk = (): void => undefined;
      const disk = new Promise<void>((resolve) => {
        onDisk = resolve;
      });
      await open({ store: (store) => ({ ...store, syncReceived: () => disk }) });
      alice.room.seats.attach(ipcSession("1"), "claude", "s1");
      const event = bob.seal("hello", { to: [{ member: "alice" }] });
      relay.give(eventFrame(event, "1700000000000-1"));
      await pause(80);
      expect(relay.sent("receipts")).toEqual([]);
      onDisk();
      expect((await relay.next("receipts")).items).toMatchObject([{ id: event.id, state: "stored" }]);
      alice.room.seats.prompt("claude", true);
      expect((await relay.next("receipts", 2)).items).toMatchObject([{ state: "handed" }]);
      await pause(80);
      expect(relay.sent("receipts")).toHaveLength(2);
      alice.room.seats.sign("claude", false);
      expect((await relay.next("receipts", 3)).items).toMatchObject([{ state: "seen" }]);
    },
  );

  verifies(
    ["RECEIPT-6"],
    "for an author who is away is said again when they are back, also after a restart",
    async () => {
      const event = bob.seal("hello", { to: [{ member: "alice" }] });
      relay.give(eventFrame(event, "1700000000000-1"));
      comes(bob, false);
      await relay.next("receipts");
      alice.crash();
      relay.members = [carol.presence()];
      await open();
      await pause(50);
      expect(relay.sent("receipts")).toHaveLength(1);
      comes(bob, true);
      expect(await relay.next("receipts", 2)).toMatchObject({ to: "bob", items: [{ id: event.id, state: "stored" }] });
    },
  );

  verifies(["RECEIPT-6"], "that was forgotten among many is still given when the author delivers again", async () => {
    const event = bob.seal("hello", { to: [{ member: "alice" }] });
    relay.give(eventFrame(event, "1700000000000-1"));
    await relay.next("receipts");
    for (let n = 2; n < 700; n += 1)
      relay.give(eventFrame(new Peer(`n${n}`).seal("x", { to: [{ member: "alice" }] }), `1700000000000-${n}`));
    await until("forgotten", () => alice.store.state.given[event.id] === undefined);
    const told = (isBob: boolean) => relay.sent("receipts").filter(({ to }) => (to === "bob") === isBob);
    // What the full inbox pushed out is told of twice, unless both words went out together.
    const confirmed = () => new Set(told(false).flatMap(({ items }) => items.map(({ id }) => id)));
    await until("all are confirmed", () => confirmed().size === 698);
    const before = told(true).length;
    relay.give(eventFrame(event, "1700000000000-1", "bob"));
    const again = await until("bob is told again", () => told(true)[before]);
    expect(again.items).toMatchObject([{ id: event.id, state: "stored" }]);
  });
});

describe("a directed event", () => {
  verifies(["DELIVER-5"], "is delivered to who missed it at every return, until a receipt has come", async () => {
    const id = await toBob(["bob"]);
    const [post] = relay.sent("post");
    comes(bob, false);
    for (let n = 1; n <= 2; n += 1) {
      comes(bob, true);
      expect(await relay.next("deliver", n)).toMatchObject({ to: "bob", stamp: "1700000000000-1", event: post!.event });
    }
    alice.crash();
    await open();
    await relay.next("deliver", 3);
    receipt(id, bob, "stored");
    comes(bob, true);
    await pause(80);
    expect(relay.sent("deliver")).toHaveLength(3);
  });

  verifies(["PIN-2"], "names the key its author knew the recipient by, and is handed to no other", async () => {
    await toBob(["bob"]);
    const head = must(readHead(relay.sent("post")[0]!.event.head));
    expect(head.to).toEqual([{ member: "bob", key: bob.key }]);
    const newer = new Peer("bob");
    must(await alice.pins.repin("bob", newer.key));
    comes(newer, true);
    relay.give({ type: "heal", room, from: "bob", key: newer.key, step: "marks", since: "0-0", marks: [] });
    await until("answered", () => relay.sent("heal").some((f) => f.to === "bob" && f.step === "done"));
    expect(relay.sent("deliver")).toEqual([]);
  });
});

describe("a daemon that died between an item and its receipt", () => {
  verifies(["DELIVER-5"], "tells the author when it is back", async () => {
    await alice[Symbol.asyncDispose]();
    await open({
      store: (store) => ({
        ...store,
        in: (record) => (record.op === "given" ? { ok: true, value: 0 } : store.in(record)),
      }),
    });
    const event = bob.seal("for alice", { to: [{ member: "alice", key: alice.room.myKey }] });
    relay.give(eventFrame(event, "1700000000000-9"));
    await until("the item", () => event.id in alice.store.state.inbox);
    alice.crash();
    alice.store.close();
    await open();
    await until("the receipt", () =>
      relay.sent("receipts").some(({ items }) => items.some(({ id, state }) => id === event.id && state === "stored")),
    );
    expect(alice.store.state.given[event.id]?.author).toBe("bob");
  });
});

describe("a delivery that was refused for a while", () => {
  verifies(["DELIVER-5"], "is tried again without anybody coming or going", async () => {
    const id = await toBob(["bob"]);
    relay.give({ type: "presence", room, members: [{ ...bob.presence(), since: 99 }] });
    await relay.next("deliver");
    relay.give({ type: "refused", room, id, code: "paused", message: "paused", retryAfterMs: 50 });
    await relay.next("deliver", 2);
    expect(stateOf(id)).toBe("queued");
  });

  verifies(["DELIVER-5"], "is tried again alone, and not where no later try can pass", async () => {
    const [held, barred, other] = [await toBob(["bob"]), await toBob(["bob"]), await toBob(["bob"])];
    relay.give({ type: "presence", room, members: [{ ...bob.presence(), since: 99 }] });
    await relay.next("deliver", 3);
    for (const code of ["key-changed", "forbidden", "no-such-member"])
      relay.give({ type: "refused", room, id: barred, code, message: code, retryAfterMs: 20 });
    await pause(80);
    expect(relay.sent("deliver")).toHaveLength(3);
    relay.give({ type: "refused", room, id: held, code: "rate", message: "rate", retryAfterMs: 20 });
    expect(must(readHead((await relay.next("deliver", 4)).event.head)).id).toBe(held);
    await pause(80);
    expect(relay.sent("deliver")).toHaveLength(4);
    expect([barred, other].map((id) => stateOf(id))).toEqual(["queued", "queued"]);
  });
});

describe("an author whose event has another place elsewhere", () => {
  verifies(["HEAL-7", "STAMP-4"], "tells its own place again, and a reader takes the author's word", async () => {
    const id = await toBob();
    const asked = (digest: string): void =>
      relay.give({
        type: "heal",
        room,
        from: "bob",
        key: bob.key,
        step: "marks",
        marks: [{ key: alice.room.myKey, audience: "@bob", ranges: [[1, 1]], tail: { from: 1, digest } }],
      });
    asked("A".repeat(43));
    const told = await relay.next("deliver");
    expect([must(readHead(told.event.head)).id, told.stamp]).toEqual([id, "1700000000000-1"]);
    // The other way round.
    const event = bob.seal("to all");
    relay.give(eventFrame(event, "1700000000000-7"));
    relay.give(eventFrame(event, "1700000000000-5", "carol"));
    relay.give(eventFrame(event, "1700000000000-3", "bob"));
    const restamps = (): unknown[] =>
      [...alice.store.history.from(0)].flatMap(({ value }) => ("restamp" in value ? [value.stamp] : []));
    await until("the author's word", () => restamps().length > 0);
    expect(restamps()).toEqual(["1700000000000-3"]);
  });
});
