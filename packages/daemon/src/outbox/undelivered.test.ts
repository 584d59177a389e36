// What waits for somebody who does not come back: how long, how much, and that its author learns of its end.
import { silentLog } from "@agora/ports";
import { manualClock, memoryJournal, memoryLines } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { openStoreOn, type Store } from "../store.ts";
import type { JournalName } from "../store-disk.ts";
import { giveUpUndelivered, MAX_UNDELIVERED } from "./undelivered.ts";

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
  });
  if (!opened.ok) throw new Error(opened.message);
  const store = opened.value;
  const told: string[] = [];
  const start = (): void =>
    giveUpUndelivered({
      store,
      days,
      clock,
      log: silentLog,
      gaveUp: (member, events, why) => told.push(`${member} ${events}: ${why}`),
    });
  return { store, clock, told, start };
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

test("is given up after the days of the room, for those alone who did not take it, and told once [DELIVER-5]", () => {
  const { store, clock, told, start } = openRoom(30);
  say(store, "old", ["bob", "carol", "dan"], START, ["bob"]);
  store.out({ op: "receipt", at: START, id: "old", member: "carol", state: "stored" });
  say(store, "later", ["bob"], START + 2 * DAY_MS);
  heard(store, START + 30 * DAY_MS);
  start();
  expect(told).toEqual([]);
  heard(store, START + 31 * DAY_MS);
  clock.advance(60_000);
  expect(states(store)).toEqual({
    old: { bob: "expired", carol: "stored", dan: "expired" },
    later: { bob: "queued" },
  });
  expect(store.state.outbox["old"]?.recipients["bob"]?.reason).toBe(
    "@bob was not here for 30 days: it is not kept for them any longer",
  );
  expect(told).toEqual(["bob 1: was not here for 30 days", "dan 1: was not here for 30 days"]);
  clock.advance(60_000);
  expect(told.length).toBe(2);
  heard(store, START + 33 * DAY_MS);
  clock.advance(60_000);
  expect(told[2]).toBe("bob 2: was not here for 30 days");
});

test("is not given up because this machine's clock jumps, nor before the relay took it", () => {
  const { store, clock, told, start } = openRoom();
  say(store, "said", ["bob"], START);
  heard(store, START);
  store.out({
    op: "queue",
    at: START,
    id: "unstamped",
    thread: "unstamped",
    role: "user",
    preview: "",
    to: ["bob"],
    sealed: { head: "{}", body: "", sig: "" },
  });
  start();
  clock.jump(400 * DAY_MS);
  clock.advance(60_000);
  expect(told).toEqual([]);
  heard(store, START + 91 * DAY_MS);
  clock.advance(60_000);
  expect(states(store)).toEqual({ said: { bob: "expired" }, unstamped: { bob: "queued" } });
});

test("is given up, the oldest first, when more waits than can be kept; what is answered later still counts", () => {
  const { store, told, start } = openRoom();
  for (let n = 0; n < MAX_UNDELIVERED + 2; n += 1) say(store, `e${n}`, ["bob"], START + n);
  heard(store, START + MAX_UNDELIVERED);
  start();
  const left = Object.values(store.state.outbox).filter((e) => e.recipients["bob"]?.state === "queued");
  expect(left.length).toBe(MAX_UNDELIVERED);
  expect(left[0]?.id).toBe("e2");
  expect(told).toEqual([`bob 2: was away while more than ${MAX_UNDELIVERED} messages waited`]);
  store.out({ op: "receipt", at: START, id: "e0", member: "bob", state: "answered" });
  expect(store.state.outbox["e0"]?.recipients["bob"]?.state).toBe("answered");
});
