// What all connections together may make a relay hold, and what comes from one address: real sockets that don't read, that send
// half of what they announce, and many keys behind one proxy.
import type { Socket } from "node:net";
import { manualClock } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { until } from "../../test/wait-until.ts";
import { openRelay, RawMember, textOf, TOKEN } from "./raw-member.ts";

const MB = 1024 * 1024;
/** More than a look of the relay at what it holds is apart from the next, milliseconds. */
const LOOK_MS = 250;

const unsent = async (port: number): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^agora_unsent_bytes (\d+)$/m.exec(text)![1]);
};
const isOpen = ({ socket }: RawMember): boolean => socket.readyState === socket.OPEN;

test("who makes the relay hold most goes when all together are over the bound, though nobody alone is [CLOSE-4]", async () => {
  const clock = manualClock();
  await using relay = await openRelay({ memoryBytes: 32 * MB }, { clock });
  using alice = await RawMember.join(relay, { name: "alice" });
  using heavy = await RawMember.join(relay, { name: "heavy" });
  using light = await RawMember.join(relay, { name: "light" });
  const text = "x".repeat(MB / 2);
  const sent = { heavy: 0, light: 0 };
  const fill = async (name: "heavy" | "light", bytes: number): Promise<void> => {
    while ((await unsent(relay.port)) < bytes) {
      await alice.say(text, { to: [{ member: name }] });
      sent[name] += 1;
    }
  };
  // What the system takes on is not the relay's any more: its own count says how much it holds.
  heavy.socket.pause();
  light.socket.pause();
  await fill("light", 3 * MB);
  await fill("heavy", 14 * MB);
  clock.advance(LOOK_MS);
  await alice.settled();
  expect([heavy, light].map(isOpen)).toEqual([true, true]);
  await fill("heavy", 17 * MB);
  clock.advance(LOOK_MS);
  await alice.sees("heavy", false);
  expect(await unsent(relay.port)).toBeLessThan(16 * MB);
  light.socket.resume();
  for (let n = 0; n < sent.light; n += 1) expect(textOf(await light.next("event"))).toBe(text);
  heavy.socket.resume();
  expect([4008, 1006]).toContain((await heavy.closed).code);
  expect(await alice.say("fine")).toMatchObject({ type: "stamped" });
});

/** Sends the beginning of a frame of `total` bytes, and so many of them. */
async function sendPart({ socket }: RawMember, total: number, bytes: number): Promise<void> {
  const raw = (socket as unknown as { readonly _socket: Socket })._socket;
  const head = Buffer.alloc(14);
  head.set([0x81, 0x80 | 127]);
  head.writeBigUInt64BE(BigInt(total), 2);
  await new Promise<void>((resolve) => {
    raw.write(Buffer.concat([head, Buffer.alloc(bytes, 0x78)]), () => resolve());
  });
}

test("a frame that comes in part counts as what its sender makes the relay hold [CLOSE-4]", async () => {
  const clock = manualClock();
  await using relay = await openRelay({ memoryBytes: 32 * MB }, { clock });
  using watcher = await RawMember.join(relay, { name: "watcher" });
  using large = await RawMember.join(relay, { name: "large" });
  using small = await RawMember.join(relay, { name: "small" });
  const other = await RawMember.join(relay, { name: "other" });
  await sendPart(large, 9 * MB, 8 * MB);
  await sendPart(small, 9 * MB, 2 * MB);
  for (let n = 0; n < 5; n += 1) {
    clock.advance(LOOK_MS);
    await watcher.settled();
  }
  expect([large, small, other].map(isOpen)).toEqual([true, true, true]);
  await sendPart(other, 9 * MB, 7 * MB);
  await until("the largest is closed", () => {
    clock.advance(LOOK_MS);
    return !isOpen(large);
  });
  expect([4008, 1006]).toContain((await large.closed).code);
  await watcher.sees("large", false);
  clock.advance(LOOK_MS);
  await watcher.settled();
  expect([small, other].map(isOpen)).toEqual([true, true]);
  other.socket.terminate();
});

/** A relay behind a proxy of ours, which writes down where each request comes from. */
async function openBehindProxy(): Promise<{ relay: { readonly url: string } } & AsyncDisposable> {
  const relay = await openRelay({ publicUrl: "wss://relay.example.org", maxRoomsPerAddress: 3 });
  return { relay: { url: `ws://127.0.0.1:${relay.port}` }, [Symbol.asyncDispose]: () => relay.close() };
}

let keys = 0;
async function comeFrom(relay: { readonly url: string }, forwarded: string): Promise<RawMember> {
  keys += 1;
  return RawMember.open(relay, { name: `m-${keys}`, headers: { "X-Forwarded-For": forwarded } });
}

test("one address opens a few rooms, whatever keys it shows and whatever it says before; others open theirs [JOIN-8]", async () => {
  await using behind = await openBehindProxy();
  const members: RawMember[] = [];
  for (let n = 1; n <= 3; n += 1) {
    const member = await comeFrom(behind.relay, "203.0.113.7");
    await member.enter({ room: `its-${n}` });
    members.push(member);
  }
  // Only the last address is the proxy's word.
  for (const forwarded of ["203.0.113.7", "198.51.100.1, 203.0.113.7"]) {
    using one = await comeFrom(behind.relay, forwarded);
    one.send({ type: "join", room: "one-more", token: TOKEN });
    expect((await one.closed).code).toBe(4015);
  }
  using guest = await comeFrom(behind.relay, "203.0.113.7");
  await guest.enter({ room: "its-1" }); // what is open is open to it
  guest.send({ type: "join", room: "one-more", token: TOKEN });
  expect(await guest.next("refused")).toMatchObject({ code: "too-many-rooms", room: "one-more" });
  using other = await comeFrom(behind.relay, "203.0.113.8");
  await other.enter({ room: "one-more" });
  // A room of its own that everybody left makes place for another.
  const left = members.pop()!;
  left.send({ type: "leave", room: "its-3" });
  await left.settled();
  await left.enter({ room: "its-4" });
  for (const member of [...members, left]) member.socket.terminate();
});

test("without a proxy of ours nobody is told apart by what it says of its address [JOIN-8]", async () => {
  await using relay = await openRelay({ maxRoomsPerAddress: 1 });
  const headers = { "X-Forwarded-For": "203.0.113.7" };
  using one = await RawMember.open(relay, { name: "one", headers });
  using other = await RawMember.open(relay, { name: "other", headers });
  await one.enter({ room: "first" });
  await other.enter({ room: "second" });
  await other.enter({ room: "third" });
});
