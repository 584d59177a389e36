// What every backend of a relay must do, whether it answers immediately or later: one process's memory, or a store shared by
// several. A backend runs all of it with one line.
import type { ManualClock } from "@agora/ports/testing";
import { compareStamps, isStamp, MAX_STAMP_LEAD_MS, newId, type Presence } from "@agora/protocol";
import { describe, expect, test } from "vitest";
import type { Answer } from "../../src/ports/answer.ts";
import type { BusFollower, Handed, Letter } from "../../src/ports/bus.ts";
import type { RoomEvent, StampedEvent } from "../../src/ports/event-log.ts";
import type { NameClaim } from "../../src/ports/names.ts";
import type { RelayPorts } from "../../src/ports/ports.ts";
import { until } from "../../../test/wait-until.ts";

/** A backend under test. */
export interface PortsUnderTest extends AsyncDisposable {
  /** Two relays' views of the same data; the same object if only one relay can have it. */
  readonly ports: readonly [RelayPorts, RelayPorts];
  /** The clock it uses. */
  readonly clock: ManualClock;
  /** How many events of a room it remembers at least; beyond that it may forget. */
  readonly remembers: number;
}

const ROOM = "lobby";

async function value<T>(answer: Answer<T>): Promise<T> {
  const outcome = await answer;
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

function event(over: Partial<RoomEvent> = {}): RoomEvent {
  return { id: newId(), author: "alice", key: "k", to: [], text: '{"head":"é","sig":"","body":""}', ...over };
}

function line(name: string, online = true): Presence {
  return { name, key: "k", online, since: 1 };
}

async function hears(
  ports: RelayPorts,
  room = ROOM,
): Promise<{ heard: StampedEvent[]; stop: () => void; from: string }> {
  const heard: StampedEvent[] = [];
  const lost = (): void => undefined;
  const { stop, from } = await value(ports.events.follow(room, { heard: (e) => void heard.push(e), lost }));
  return { heard, stop, from };
}

function ears(over: Partial<BusFollower> = {}): BusFollower {
  return { heard: () => undefined, letter: () => "nobody", lost: () => undefined, ...over };
}

/** Runs the suite for one backend. */
export function describePorts(name: string, open: () => Promise<PortsUnderTest>): void {
  describe(`${name}: the log`, () => {
    logSuite(open);
    pastSuite(open);
  });
  describe(`${name}: the names`, () => {
    namesSuite(open);
  });
  describe(`${name}: the bus`, () => {
    busSuite(open);
  });
}

function logSuite(open: () => Promise<PortsUnderTest>): void {
  test("gives rising stamps in the order of the list, whatever the clock does, and each follower hears all once [STAMP-2]", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    const [a, b] = [await hears(one), await hears(other)];
    const events = Array.from({ length: 30 }, () => event());
    const stamps = [...(await value(one.events.append(ROOM, events.slice(0, 10))))];
    backend.clock.jump(-100_000);
    stamps.push(...(await value(other.events.append(ROOM, events.slice(10, 20)))));
    backend.clock.jump(500_000);
    stamps.push(...(await value(one.events.append(ROOM, events.slice(20)))));
    for (const [i, stamp] of stamps.entries())
      if (i > 0) expect(compareStamps(stamp, stamps[i - 1]!)).toBeGreaterThan(0);
    for (const { heard } of [a, b]) {
      await until("all events", () => heard.length === events.length);
      expect(heard).toEqual(events.map((e, i) => ({ stamp: stamps[i], event: e })));
    }
  });

  test("keeps the stamp of an event that is there, and is heard of it once [POST-5]", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    const { heard } = await hears(one);
    const [first, second, third] = [event(), event({ key: "another" }), event()];
    const [stamp] = await value(one.events.append(ROOM, [first]));
    const again = await value(other.events.append(ROOM, [second, first, third]));
    expect(again[1]).toBe(stamp);
    expect(await value(other.events.find(ROOM, first.key, first.id))).toBe(stamp);
    expect(await value(one.events.find(ROOM, "foreign", first.id))).toBeUndefined();
    await until("the third", () => heard.length >= 3);
    expect(heard.map((e) => e.event.id)).toEqual([first.id, second.id, third.id]);
  });

  test("a room knows nothing of another", async () => {
    await using backend = await open();
    const [ports] = backend.ports;
    const [here, there] = [await hears(ports), await hears(ports, "elsewhere")];
    const said = event();
    await value(ports.events.append(ROOM, [said]));
    await until("the event", () => here.heard.length === 1);
    expect(await value(ports.events.find("elsewhere", said.key, said.id))).toBeUndefined();
    expect((await value(ports.events.read("elsewhere", "0-0"))).events).toEqual([]);
    expect(there.heard).toEqual([]);
  });
}

function pastSuite(open: () => Promise<PortsUnderTest>): void {
  test("reads what came after a stamp, and says when that may not be all [JOIN-3]", async () => {
    await using backend = await open();
    const [ports] = backend.ports;
    const { heard, from } = await hears(ports);
    expect(await value(ports.events.read(ROOM, from))).toEqual({ last: from, gap: false, events: [] });
    const said = Array.from({ length: 5 }, () => event());
    const stamps = await value(ports.events.append(ROOM, said));
    await until("all", () => heard.length === 5);
    const past = await value(ports.events.read(ROOM, stamps[1]));
    expect(past).toEqual({ last: stamps[4], gap: false, events: heard.slice(2) });
    expect(await value(ports.events.read(ROOM, undefined))).toEqual({ last: stamps[4], gap: false, events: [] });
    // Before this room was remembered, it may have had others.
    expect((await value(ports.events.read(ROOM, "1-0"))).gap).toBe(true);
    for (let n = 0; n < 2 * backend.remembers; n += 50)
      await value(
        ports.events.append(
          ROOM,
          Array.from({ length: 50 }, () => event()),
        ),
      );
    const rest = await value(ports.events.read(ROOM, stamps[1]));
    expect(rest.gap || rest.events.length >= 2 * backend.remembers).toBe(true);
    expect(rest.events.length).toBeGreaterThanOrEqual(backend.remembers);
  });

  test("stamps go above what a member has seen, though not far above the clock [STAMP-3]", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    await hears(one);
    await hears(other);
    const seen = `${backend.clock.now() + 5_000}-7`;
    expect(await value(one.events.read(ROOM, seen))).toMatchObject({ last: seen, gap: true });
    const [stamp] = await value(other.events.append(ROOM, [event()]));
    expect(compareStamps(stamp!, seen)).toBeGreaterThan(0);
    const { last } = await value(one.events.read(ROOM, "999999999999999-0"));
    expect(last).toBe(`${backend.clock.now() + MAX_STAMP_LEAD_MS}-0`);
  });

  test("stamps what comes after the largest stamp of a millisecond by one that can be read", async () => {
    await using backend = await open();
    const [one] = backend.ports;
    await hears(one);
    await value(one.events.read(ROOM, `${backend.clock.now() + 5_000}-999999999999999`));
    const [stamp] = await value(one.events.append(ROOM, [event()]));
    expect(isStamp(stamp!)).toBe(true);
  });

  test("is heard from where it says, and not after the end", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    const first = await hears(one);
    const [before] = await value(one.events.append(ROOM, [event()]));
    const second = await hears(other);
    expect(second.from).toBe(before);
    first.stop();
    const [after] = await value(other.events.append(ROOM, [event()]));
    await until("the later one", () => second.heard.length === 1);
    expect(second.heard[0]!.stamp).toBe(after);
    expect(first.heard.map((e) => e.stamp)).toEqual([before]);
  });
}

function namesSuite(open: () => Promise<PortsUnderTest>): void {
  const TTL_MS = 1_000;
  const bob = { room: ROOM, name: "bob", key: "k", claim: "1" };
  const of = (over: Partial<NameClaim> = {}): NameClaim => ({ ...bob, owner: over.key ?? bob.key, ...over });

  test("a name is one key's at a time, until it is given back or its time is over [JOIN-4]", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    const [mine, theirs] = [of(), of({ key: "another", claim: "2" })];
    expect(await value(one.names.claim(mine, TTL_MS, false))).toMatchObject({ key: "k", claim: "1" });
    expect(await value(other.names.claim(theirs, TTL_MS, false))).toMatchObject({ key: "k" });
    await value(other.names.release(theirs)); // it isn't theirs to give
    expect(await value(other.names.claim(theirs, TTL_MS, false))).toMatchObject({ key: "k" });
    await value(one.names.release(mine));
    expect(await value(other.names.claim(theirs, TTL_MS, false))).toMatchObject({ key: "another" });
    backend.clock.advance(TTL_MS + 1);
    expect(await value(one.names.claim(mine, TTL_MS, false))).toMatchObject({ key: "k" });
  });

  test("a renewal makes it last, and brings it back when nobody took it", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    await value(one.names.claim(of(), TTL_MS, false));
    backend.clock.advance(TTL_MS - 100);
    expect(await value(one.names.claim(of(), TTL_MS, true))).toMatchObject({ claim: "1" });
    backend.clock.advance(TTL_MS - 100);
    expect(await value(other.names.claim(of({ key: "another" }), TTL_MS, false))).toMatchObject({ key: "k" });
    backend.clock.advance(101);
    expect(await value(one.names.claim(of(), TTL_MS, true))).toMatchObject({ claim: "1" });
  });

  test("a newer claim of the same key takes it over; the older neither renews nor releases it", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    const [older, newer] = [of(), of({ claim: "2" })];
    await value(one.names.claim(older, TTL_MS, false));
    expect(await value(other.names.claim(newer, TTL_MS, false))).toMatchObject({ claim: "2" });
    expect(await value(one.names.claim(older, TTL_MS, true))).toMatchObject({ key: "k", claim: "2" });
    await value(one.names.release(older));
    expect(await value(one.names.claim(of({ key: "another", claim: "3" }), TTL_MS, false))).toMatchObject({
      claim: "2",
    });
  });

  test("a name that was taken over is no other key's before the older claim's time is over", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    const [older, newer, theirs] = [of(), of({ claim: "2" }), of({ key: "another", claim: "3" })];
    await value(one.names.claim(older, TTL_MS, false));
    backend.clock.advance(TTL_MS / 2);
    await value(other.names.claim(newer, TTL_MS, false));
    await value(other.names.release(newer));
    expect(await value(other.names.claim(theirs, TTL_MS, false))).toMatchObject({ key: "k" });
    expect((await value(one.names.claim(older, TTL_MS, true))).claim).not.toBe("1");
    backend.clock.advance(TTL_MS / 2 + 1);
    expect(await value(other.names.claim(theirs, TTL_MS, false))).toMatchObject({ key: "another" });
  });

  test("keys of one owner hold a name side by side, and keep others from it until the last is given back [DEVICE-1]", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    const [laptop, phone, theirs] = [of({ owner: "a" }), of({ key: "p", owner: "a", claim: "2" }), of({ key: "t" })];
    for (const mine of [laptop, phone]) await value(one.names.claim(mine, TTL_MS, false));
    for (const [left, key] of [[laptop, "p"] as const, [phone, "t"] as const]) {
      await value(other.names.release(left));
      expect(await value(other.names.claim(theirs, TTL_MS, false))).toMatchObject({ key });
    }
  });

  test("the same name in another room, and another name, are others", async () => {
    await using backend = await open();
    const [ports] = backend.ports;
    await value(ports.names.claim(of(), TTL_MS, false));
    for (const what of [of({ room: "elsewhere", key: "b" }), of({ name: "bob2", key: "b" })])
      expect(await value(ports.names.claim(what, TTL_MS, false))).toMatchObject({ key: "b" });
  });
}

function busSuite(open: () => Promise<PortsUnderTest>): void {
  const letter = (text: string, isBulk = false): Letter => ({ frame: Buffer.from(text), isBulk });

  test("what one publishes all followers of the room hear, in its order", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    const heard: string[][] = [[], [], []];
    const follow = (ports: RelayPorts, room: string, i: number): Promise<() => void> =>
      value(ports.bus.follow(room, ears({ heard: (lines) => void heard[i]!.push(...lines.map((l) => l.name)) })));
    const stop = await follow(one, ROOM, 0);
    await follow(other, ROOM, 1);
    await follow(other, "elsewhere", 2);
    const names = Array.from({ length: 20 }, (_, i) => `m-${i}`);
    for (const name of names) await value(one.bus.publish(ROOM, [line(name)]));
    for (const i of [0, 1]) {
      await until("all lines", () => heard[i]!.length === names.length);
      expect(heard[i]).toEqual(names);
    }
    stop();
    await value(other.bus.publish(ROOM, [line("late"), line("later", false)]));
    await until("the late ones", () => heard[1]!.length === names.length + 2);
    expect([heard[0]!.length, heard[2]!.length]).toEqual([names.length, 0]);
  });

  test("a letter goes to who has the member, as it was and in order; its sender learns what became of it", async () => {
    await using backend = await open();
    const [one, other] = backend.ports;
    const got: Letter[] = [];
    const answers: Handed[] = ["taken"];
    const take = (name: string, its: Letter): Handed => {
      if (name !== "bob") return "nobody";
      got.push(its);
      return answers[0]!;
    };
    await value(one.bus.follow(ROOM, ears()));
    await value(other.bus.follow(ROOM, ears({ letter: take })));
    const sent = Array.from({ length: 20 }, (_, i) => letter(`frame ${i}\u0000\u00ff`, i % 2 === 0));
    for (const its of sent) expect(await value(one.bus.to(ROOM, "bob", its))).toBe("taken");
    expect(got.map(({ frame, isBulk }) => ({ text: frame.toString(), isBulk }))).toEqual(
      sent.map(({ frame, isBulk }) => ({ text: frame.toString(), isBulk })),
    );
    answers[0] = "full";
    expect(await value(one.bus.to(ROOM, "bob", letter("too much", true)))).toBe("full");
    expect(await value(one.bus.to(ROOM, "carol", letter("x")))).toBe("nobody");
    expect(await value(one.bus.to("elsewhere", "bob", letter("x")))).toBe("nobody");
  });
}
