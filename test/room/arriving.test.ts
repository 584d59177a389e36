// What a reader makes of what comes, whoever sends it: scripted frames, as a relay or a member might make them up.
import { newId } from "@agora/protocol";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { history } from "./read-history.ts";
import { accept, inbox } from "../../packages/member/src/messages/inbox.ts";
import { verifies } from "../verifies.ts";
import { ipcSession, type Member, makePlace, must, type Place, until } from "./fixture.ts";
import { eventFrame, Peer } from "./peer.ts";
import { ScriptedRelay } from "./scripted-relay.ts";

const room = "lobby";
const me = [{ member: "alice" }];
let place: Place;
let relay: ScriptedRelay;
let bob: Peer;
let carol: Peer;
let alice: Member;
let stamps = 0;

const joined = (): Promise<unknown> => until("joined", () => alice.room.connection().state === "joined");
beforeEach(async () => {
  place = makePlace("alice");
  relay = new ScriptedRelay();
  [bob, carol] = [new Peer("bob"), new Peer("carol")];
  relay.members = [bob.presence(), carol.presence()];
  alice = await place.open(1, { mode: "auto" }, { dial: relay.dial });
  await joined();
  alice.room.seats.attach(ipcSession("1"), "claude", "s1");
});
afterEach(async () => {
  await alice[Symbol.asyncDispose]();
  place.remove();
});

const stamp = (): string => `1700000000000-${(stamps += 1)}`;
const texts = (): string[] => must(history(alice.room, { limit: 1000 })).lines.map((l) => l.text);
const lines = (): number => [...alice.store.history.from(0)].length;
const items = (): string[] => inbox(alice.room, { via: "cli" }).items.map((i) => i.text);
const shown = (): string[] => alice.room.seats.prompt("claude", true).items.map((i) => i.line.text);
const receipt = (id: string, state: string) =>
  until(`a receipt ${state} for ${id}`, () =>
    relay
      .sent("receipts")
      .flatMap((f) => f.items)
      .find((r) => r.id === id && r.state === state),
  );

describe("an event", () => {
  verifies(["EVENT-7"], "of another room, or in another's frame, or for others, is dropped", () => {
    relay.give(eventFrame(bob.seal("elsewhere", { room: "attic" }), stamp()));
    relay.give({ ...eventFrame(bob.seal("frame of elsewhere"), stamp()), room: "attic" });
    relay.give({ ...eventFrame(bob.seal("both elsewhere", { room: "attic" }), stamp()), room: "attic" });
    relay.give(eventFrame(bob.seal("for carol", { to: [{ member: "carol" }] }), stamp()));
    relay.give(eventFrame(bob.seal("for another alice", { to: [{ member: "alice", key: bob.key }] }), stamp()));
    expect([lines(), items()]).toEqual([0, []]);
  });

  verifies(["SEQ-3"], "with a number that came before is a duplicate, whatever else it says", () => {
    const first = bob.seal("first", { to: me });
    relay.give(eventFrame(first, stamp()));
    relay.give(eventFrame(bob.seal("other words", { to: me, seq: 1 }), stamp()));
    relay.give(eventFrame(first, stamp(), "carol"));
    expect(items()).toEqual(["first"]);
    expect(texts()).toEqual(["first"]);
  });

  verifies(
    ["EVENT-8"],
    "of an unknown kind is kept and shown as such, or rejected if it must be understood",
    async () => {
      const [vote, law] = [
        bob.seal("yes", { kind: "vote" }, "text/x-vote"),
        bob.seal("{}", { kind: "law", to: me, must: true }, "application/json"),
      ];
      const ask = bob.seal("{}", { kind: "ask", to: me }, "application/json");
      for (const event of [vote, law, ask]) relay.give(eventFrame(event, stamp()));
      expect(texts()).toEqual(["yes", "[law: this version can't show it]", "[ask: this version can't show it]"]);
      expect(Object.keys(alice.store.state.inbox)).toEqual([ask.id]);
      expect((await receipt(law.id, "rejected")).reason).toContain("law");
    },
  );

  verifies(["EVENT-10"], "is handed to no model after its time, whether it came late or waited too long", async () => {
    const end = Date.now() + 2_000;
    const late = bob.seal("too late", { to: me, expires: Date.now() - 1 });
    const [waits, accepted] = [1, 2].map(() => bob.seal("waits", { to: me, expires: end })) as [
      typeof late,
      typeof late,
    ];
    const talk = bob.seal("stale talk", { expires: end });
    const at = Date.now();
    [late, waits, accepted, talk].forEach((event, n) => relay.give(eventFrame(event, `${at}-${n}`)));
    expect(Object.keys(alice.store.state.inbox)).toEqual([waits.id, accepted.id]);
    await receipt(late.id, "expired");
    await new Promise((resolve) => setTimeout(resolve, end - Date.now() + 50));
    expect(accept(alice.room, { via: "cli", thread: accepted.id }, alice.store.state.seats["claude"])).toMatchObject({
      ok: false,
    });
    expect(shown()).toEqual([]);
    await receipt(waits.id, "expired");
    await receipt(accepted.id, "expired");
    expect(alice.store.state.inbox).toEqual({});
  });

  verifies(
    ["EVENT-10"],
    "lives as long as its author says, from its place in the room on, whatever clocks say",
    async () => {
      const DAY_MS = 86_400_000;
      const at = Date.now();
      for (const off of [-DAY_MS, -120_000, 3_600_000]) {
        // By its author's clock it was said, and is over, at a quite different time.
        const time = at + off;
        const fresh = bob.seal("fresh", { to: me, time, expires: time + 600_000 });
        relay.give(eventFrame(fresh, `${at}-${off + 2 * DAY_MS}`));
        expect([off, Object.keys(alice.store.state.inbox).includes(fresh.id)]).toEqual([off, true]);
        const old = bob.seal("old", { to: me, time, expires: time + 600_000 });
        relay.give({ ...eventFrame(old, `${at - 700_000}-${off + 2 * DAY_MS}`), late: true });
        await receipt(old.id, "expired");
      }
    },
  );

  verifies(["DELIVER-6"], "that is late is checked as any other", () => {
    const honest = bob.seal("honest", { to: me });
    relay.give(eventFrame({ ...honest, body: "forged" }, stamp(), "carol"));
    relay.give(eventFrame({ ...honest, sig: bob.seal("x").sig }, stamp(), "carol"));
    relay.give(eventFrame(new Peer("bob").seal("by another bob", { to: me }), stamp(), "carol"));
    relay.give(eventFrame(new Peer("alice").seal("as yourself", { to: me }), stamp(), "carol"));
    expect([lines(), items()]).toEqual([0, []]);
    relay.give(eventFrame(honest, stamp(), "carol"));
    expect(items()).toEqual(["honest"]);
  });

  verifies(
    ["STAMP-4"],
    "has the higher of two relays' stamps, and a relay's rather than a member's; the order follows",
    async () => {
      const [one, two, three] = ["one", "two", "three"].map((text) => bob.seal(text));
      relay.give(eventFrame(one!, "1700000000000-1"));
      relay.give(eventFrame(two!, "1700000000000-2"));
      relay.give(eventFrame(three!, "1799999999999-0", "carol"));
      expect(texts()).toEqual(["one", "two", "three"]);
      relay.give(eventFrame(one!, "1700000000000-3"));
      expect(texts()).toEqual(["two", "one", "three"]);
      relay.give(eventFrame(two!, "1700000000000-1")); // lower: nothing
      relay.give(eventFrame(one!, "1799999999999-9", "carol")); // a member's word: nothing
      expect(texts()).toEqual(["two", "one", "three"]);
      // Also after a restart.
      alice.crash();
      alice = await place.open(1, {}, { dial: relay.dial });
      await joined();
      relay.give(eventFrame(three!, "1700000000000-0"));
      relay.give(eventFrame(two!, "1700000000000-8"));
      expect(texts()).toEqual(["three", "one", "two"]);
    },
  );

  verifies(
    ["STAMP-4"],
    "is moved by nobody who gives theirs the same id, neither as it is shown nor as others are given it",
    async () => {
      const [first, second] = [bob.seal("first"), bob.seal("second")] as const;
      relay.give(eventFrame(first, "1700000000000-1"));
      relay.give(eventFrame(second, "1700000000000-2"));
      const theirs = carol.seal("of the same id", { id: first.id });
      relay.give(eventFrame(theirs, "1700000000000-3"));
      relay.give(eventFrame(theirs, "1700000000000-9"));
      expect(texts()).toEqual(["first", "second", "of the same id"]);
      const dora = new Peer("dora");
      relay.give({ type: "presence", room, members: [dora.presence()] });
      relay.give({ type: "heal", room, from: "dora", key: dora.key, step: "marks", marks: [] });
      await until("dora is given all", () => relay.sent("deliver").length === 3);
      const given = relay.sent("deliver").map(({ event, stamp: at }) => [event.body, at]);
      expect(given).toContainEqual(["first", "1700000000000-1"]);
      expect(given).toContainEqual(["of the same id", "1700000000000-9"]);
    },
  );
});

describe("a name", () => {
  verifies(["PIN-1"], "stands for the key it was first seen with, until a person says otherwise", async () => {
    const impostor = new Peer("bob");
    relay.give({ type: "presence", room, members: [impostor.presence()] });
    relay.give(eventFrame(impostor.seal("it's me", { to: me }), stamp()));
    relay.give(eventFrame(impostor.seal("to all"), stamp()));
    expect([lines(), items()]).toEqual([0, []]);
    expect(alice.room.sentences()[0]).toContain("@bob speaks with another key");
    expect(alice.room.members.isHere("bob")).toBe(false);
    must(await alice.room.pins.repin("bob", impostor.key));
    relay.give(eventFrame(impostor.seal("trusted now", { to: me }), stamp()));
    relay.give(eventFrame(bob.seal("the old key", { to: me }), stamp()));
    expect(items()).toEqual(["trusted now"]);
  });
});

describe("joined", () => {
  verifies(["JOIN-10"], "replaces what was known of the members", async () => {
    expect(alice.room.members.online()).toEqual(["bob", "carol"]);
    relay.members = [new Peer("dora").presence()];
    relay.cut();
    await until("lost", () => alice.room.members.online().length === 0);
    await relay.next("join", 2);
    await joined();
    expect(alice.room.members.online()).toEqual(["dora"]);
  });
});

describe("presence and receipts", () => {
  verifies(["PRESENCE-3"], "are in no history and wake nobody", async () => {
    const ipc = ipcSession("2");
    alice.room.seats.attach(ipc, "claude", "s2");
    let woken = false;
    void alice.room.seats.awaitWake(ipc, "s2").then(() => (woken = true));
    const pushes = ipc.pushes.length;
    relay.give({ type: "presence", room, members: [{ ...bob.presence(), facts: { status: "@alice look!" } }] });
    relay.give({ type: "presence", room, members: [bob.presence(false)] });
    relay.give({ type: "presence", room, members: [bob.presence()] });
    const items = [{ id: newId(), state: "answered" as const, reason: "@alice look!", at: 1 }];
    relay.give({ type: "receipts", room, from: "bob", key: bob.key, items });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([woken, ipc.pushes.length, lines()]).toEqual([false, pushes, 0]);
    const journal = (name: string): string => readFileSync(join(place.dir, "project", ".agora", name), "utf8");
    expect(journal("history.jsonl") + journal("outbox.jsonl")).toBe("");
    expect(journal("inbox.jsonl")).not.toContain("look!");
  });
});
