import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findHome, openPins, type Pins } from "@agora/user-config";
import { silentLog } from "@agora/ports";
import { manualClock } from "@agora/ports/testing";
import type { Presence } from "@agora/protocol";
import { expect, test } from "vitest";
import { foldGone, type GoneBy } from "./gone.ts";
import { createMembers } from "./members.ts";

const MINUTE_MS = 60_000;

test("who is silent for a quarter of an hour is shown as idle, and not once it is heard of", async () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-members-"));
  const clock = manualClock();
  const opened = await openPins(findHome({ AGORA_HOME: dir }), "ws://127.0.0.1:1", "lobby");
  if (!opened.ok) throw new Error(opened.message);
  const pins = opened.value;
  try {
    const members = createMembers({
      me: "alice",
      myKey: "A".repeat(43),
      pins,
      came: {},
      gone: {},
      noteGone: () => undefined,
      noteCame: () => undefined,
      keep: () => Promise.resolve(),
      clock,
      log: silentLog,
      isPaused: () => false,
      deviceName: () => undefined,
      introduced: () => undefined,
      met: () => undefined,
      cameBack: () => undefined,
    });
    const presence = (name: string, fill: string): Presence => ({
      name,
      key: fill.repeat(43),
      online: true,
      since: clock.now(),
      grant: "member",
    });
    const idle = (): readonly string[] =>
      members
        .list()
        .filter((m) => m.idle === true)
        .map((m) => m.name);
    members.replace([presence("alice", "A"), presence("bob", "B"), presence("carol", "C")]);
    clock.advance(14 * MINUTE_MS);
    members.heard("bob");
    expect(idle()).toEqual([]);
    clock.advance(2 * MINUTE_MS);
    expect(idle()).toEqual(["carol"]); // never the one who looks
    expect(members.online()).toContain("carol"); // it is not put out for that
    members.update([presence("carol", "C")]); // it told something of itself
    expect(idle()).toEqual([]);
    clock.advance(16 * MINUTE_MS);
    expect(idle()).toEqual(["bob", "carol"]);
    members.clear();
    expect(idle()).toEqual([]); // who is away is away
  } finally {
    await pins[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  }
});

test("what presence tells is kept so that a terminal may print it", async () => {
  const kept: string[] = [];
  const clock = manualClock();
  const bob = { name: "bob", key: "B".repeat(43), online: true, since: 1, grant: "member" as const };
  const members = createMembers({
    me: "alice",
    myKey: "A".repeat(43),
    pins: { get: () => undefined, pin: () => "new", all: () => new Map() } as unknown as Pins,
    came: {},
    gone: {},
    noteGone: () => undefined,
    noteCame: () => undefined,
    keep: (text) => Promise.resolve(void kept.push(text)),
    clock,
    log: silentLog,
    isPaused: () => false,
    deviceName: () => undefined,
    introduced: () => undefined,
    met: () => undefined,
    cameBack: () => undefined,
  });
  const seat = { seat: "claude", client: "a\u202eb\u001b[2J", connected: true, reachable: false, busy: false };
  members.replace([{ ...bob, facts: { seats: [seat] } }]);
  clock.advance(1_000);
  expect(kept[0]).toContain(String.raw`"client": "a\u202eb\u001b[2J"`);
  expect(kept[0]).not.toMatch(/[\u202e\u001b]/);
});

test("when somebody was last seen is kept, by whatever way its leaving was heard of, and not at each coming and going", async () => {
  const dir = mkdtempSync(join(tmpdir(), "agora-members-"));
  const clock = manualClock();
  const opened = await openPins(findHome({ AGORA_HOME: dir }), "ws://127.0.0.1:1", "lobby");
  if (!opened.ok) throw new Error(opened.message);
  const pins = opened.value;
  const gone: GoneBy = {};
  let lines = 0;
  const members = createMembers({
    ...{ me: "alice", myKey: "A".repeat(43), pins, came: {}, noteCame: () => undefined, gone },
    noteGone(one) {
      lines += 1;
      foldGone(gone, one);
    },
    ...{
      keep: () => Promise.resolve(),
      clock,
      log: silentLog,
      isPaused: () => false,
      deviceName: () => undefined,
      introduced: () => undefined,
      met: () => undefined,
      cameBack: () => undefined,
    },
  });
  const bob = (online: boolean): Presence => ({ name: "bob", key: "B".repeat(43), online, since: 0 });
  const since = (): number | undefined => members.list().find(({ name }) => name === "bob")?.awaySince;
  try {
    members.replace([bob(true)]);
    expect(since()).toBeUndefined();
    members.update([bob(false)]);
    const left = clock.now();
    expect(since()).toBe(left);
    for (let n = 0; n < 5; n += 1) {
      members.update([bob(true)]);
      members.update([bob(false)]);
    }
    expect(lines).toBe(1);
    members.update([bob(true)]);
    members.clear(); // the relay was away
    clock.advance(10 * MINUTE_MS);
    members.replace([]);
    expect(since()).toBe(left + 10 * MINUTE_MS);
  } finally {
    await pins[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  }
});
