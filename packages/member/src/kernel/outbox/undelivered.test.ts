// What waits for somebody who does not come back: how long, how much, and that its author learns of its end.
import { createVerifier, silentLog } from "@agora/ports";
import { manualClock, memoryJournal, memoryLines } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { openStoreOn } from "../../open-store.ts";
import type { Store } from "../store.ts";
import type { JournalName } from "../store-disk.ts";
import { giveUpUndelivered, JOINED_FOR_MS, MAX_UNDELIVERED } from "./undelivered.ts";

const DAY_MS = 24 * 3_600_000;
const START = 1_700_000_000_000;

function openRoom(days?: number) {
  const clock = manualClock(START);
  const lines = { history: memoryLines(), outbox: memoryLines(), inbox: memoryLines() };
  const opened = openStoreOn({
    disk: {
      open: (name: JournalName) =>
        memoryJournal(lines[name], { write: () => undefined, sync: () => Promise.resolve(), syncNow: () => true }),
      readCheckpoint: () => undefined,
      writeCheckpoint: () => undefined,
      setCheckpointAside: () => undefined,
      noteRoom: () => undefined,
    },
    place: "memory",
    mark: { origin: "ws://127.0.0.1:1", room: "lobby", name: "alice" },
    clock,
    log: silentLog,
    hasher: createVerifier(),
  });
  if (!opened.ok) throw new Error(opened.message);
  const store = opened.value;
  const room = { isJoined: true };
  const undelivered = giveUpUndelivered({
    store,
    days,
    clock,
    log: silentLog,
    isJoined: () => room.isJoined,
    changed: () => undefined,
  });
  return {
    store,
    clock,
    room,
    told: () => undelivered.sentences(),
    /** Time passes here and in the room, while this daemon is in it. */
    pass: (ms: number): void => {
      clock.jump(ms);
      heard(store, clock.now());
      clock.advance(JOINED_FOR_MS + 60_000);
    },
  };
}

/** Alice says something that the relay stamps at that time; who is missed was not given it. */
function say(store: Store, id: string, to: readonly string[], stampMs: number, missed: readonly string[] = to): void {
  const sealed = { head: "{}", body: "", sig: "" };
  store.out({ op: "queue", at: stampMs, id, thread: id, role: "user", preview: id, to, sealed });
  store.out({ op: "stamp", at: stampMs, id, stamp: `${stampMs}-0`, position: 0, missed });
}

/** The room goes on: something is heard at that time. */
const heard = (store: Store, stampMs: number): void =>
  void (store.state.stamp = `${Math.max(Number(store.state.stamp.split("-")[0]), stampMs)}-0`);

const states = (store: Store): Record<string, Record<string, string>> =>
  Object.fromEntries(
    Object.values(store.state.outbox).map(({ id, recipients }) => [
      id,
      Object.fromEntries(Object.entries(recipients).map(([member, r]) => [member, r.state])),
    ]),
  );

test("is given up after the days of the room, for those alone who did not take it, and told [DELIVER-5]", () => {
  const { store, told, pass } = openRoom(30);
  say(store, "old", ["bob", "carol", "dan"], START, ["bob"]);
  store.out({ op: "receipt", at: START, id: "old", member: "carol", state: "stored" });
  pass(10 * DAY_MS);
  say(store, "later", ["bob"], START + 10 * DAY_MS);
  pass(19 * DAY_MS);
  expect(told()).toEqual([]);
  pass(2 * DAY_MS);
  expect(states(store)).toEqual({
    old: { bob: "expired", carol: "stored", dan: "expired" },
    later: { bob: "queued" },
  });
  expect(store.state.outbox["old"]?.recipients["bob"]?.reason).toBe(
    "@bob did not take it in for 30 days: it is not waited for any longer",
  );
  const sentence = (name: string): string =>
    `@${name} did not take in what you said ("old"): it is not waited for any longer.`;
  expect(told()).toEqual([sentence("bob"), sentence("dan")]);
  pass(20 * DAY_MS);
  expect(told()[0]).toBe(
    '@bob did not take in 2 messages of yours (the last: "later"): they are not waited for any longer.',
  );
});

test("that was given up and is taken in after all says so: any word of the recipient counts [RECEIPT-2]", () => {
  const { store, told, pass } = openRoom(30);
  say(store, "old", ["bob"], START);
  pass(31 * DAY_MS);
  expect(told()).toHaveLength(1);
  for (const state of ["stored", "seen", "handed", "answered"] as const)
    store.out({ op: "receipt", at: START + 40 * DAY_MS, id: "old", member: "bob", state });
  expect(states(store)).toEqual({ old: { bob: "answered" } });
  expect(told()).toEqual([]);
});

test("is not given up because a clock jumps, here or at the relay, nor before the relay took it", () => {
  const { store, clock, told, pass } = openRoom();
  say(store, "said", ["bob"], START);
  const sealed = { head: "{}", body: "", sig: "" };
  store.out({ op: "queue", at: START, id: "unsaid", thread: "t", role: "user", preview: "", to: ["bob"], sealed });
  clock.jump(400 * DAY_MS);
  clock.advance(2 * JOINED_FOR_MS);
  expect(told()).toEqual([]);
  clock.jump(-400 * DAY_MS);
  heard(store, START + 400 * DAY_MS);
  clock.advance(2 * JOINED_FOR_MS);
  expect(told()).toEqual([]);
  pass(91 * DAY_MS);
  expect(states(store)).toEqual({ said: { bob: "expired" }, unsaid: { bob: "queued" } });
});

test("whose author was away itself waits until the recipient had an hour to take it", () => {
  const { store, clock, room, told } = openRoom();
  say(store, "said", ["bob"], START);
  room.isJoined = false;
  clock.jump(100 * DAY_MS);
  heard(store, clock.now());
  clock.advance(2 * JOINED_FOR_MS);
  expect(told()).toEqual([]);
  room.isJoined = true;
  clock.advance(JOINED_FOR_MS - 60_000);
  expect(told()).toEqual([]);
  store.out({ op: "receipt", at: clock.now(), id: "said", member: "bob", state: "stored" });
  clock.advance(JOINED_FOR_MS);
  expect(states(store)).toEqual({ said: { bob: "stored" } });
});

test("is given up, the oldest first, when more waits than can be kept, and not all in one moment", () => {
  const { store, clock } = openRoom();
  const over = 700;
  for (let n = 0; n < MAX_UNDELIVERED + over; n += 1) say(store, `e${n}`, ["bob"], START + n);
  const left = (): string[] =>
    Object.values(store.state.outbox)
      .filter((e) => e.recipients["bob"]?.state === "queued")
      .map((e) => e.id);
  clock.advance(60_000);
  expect(left().length).toBeLessThan(MAX_UNDELIVERED + over);
  expect(left().length).toBeGreaterThan(MAX_UNDELIVERED);
  clock.advance(120_000);
  expect(left().length).toBe(MAX_UNDELIVERED);
  expect(left()[0]).toBe(`e${over}`);
});

test("stays known behind any number of later sayings, up to a bound", () => {
  const { store, told, pass } = openRoom(30);
  for (let n = 0; n < 600; n += 1) say(store, `old${n}`, ["bob"], START);
  pass(31 * DAY_MS);
  for (let n = 0; n < 2; n += 1) pass(0); // not all at one look
  for (let n = 0; n < 2_000; n += 1) say(store, `new${n}`, [], START + 31 * DAY_MS);
  expect(told()).toEqual([
    '@bob did not take in 500 messages of yours (the last: "old599"): they are not waited for any longer.',
  ]);
  expect(Object.keys(store.state.outbox).length).toBeLessThanOrEqual(500 + 500 + 50);
});
