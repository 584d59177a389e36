// [RECEIPT-3], [FILE-*]: what goes from one member to one other.
import { type ChunkHeader, decodeChunk, encodeChunk, newId } from "@agora/protocol";
import { expect, test } from "vitest";
import { DEFAULT_RELAY_CONFIG } from "../src/config.ts";
import { openRelay, RawMember, textOf } from "./raw-member.ts";

const id = newId();

function chunk(to: string | undefined, bytes: Uint8Array, more: Partial<ChunkHeader> = {}): Uint8Array {
  return encodeChunk({ room: "lobby", ...(to === undefined ? {} : { to }), id, offset: 0, ...more }, bytes);
}

test("receipts and file steps reach the named member alone, with the sender's name and key [RECEIPT-3] [FILE-1]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  using carol = await RawMember.join(relay, { name: "carol" });
  const items = [{ id, state: "stored" as const, at: 1 }];
  bob.send({ type: "receipts", room: "lobby", to: "alice", items });
  expect(await alice.next("receipts")).toEqual({
    type: "receipts",
    room: "lobby",
    from: "bob",
    key: bob.pair.key,
    items,
  });
  bob.send({ type: "file", room: "lobby", to: "alice", step: "want", id, offset: 5 });
  const want = await alice.next("file");
  expect(want).toEqual({ type: "file", room: "lobby", from: "bob", key: bob.pair.key, step: "want", id, offset: 5 });
  bob.send({ type: "file", room: "lobby", to: "alice", step: "refuse", id, reason: "no room" });
  expect(await alice.next("file")).toMatchObject({ step: "refuse", reason: "no room" });
  await carol.settled();
  expect(carol.frames.filter((f) => f.type !== "presence")).toEqual([]);
});

test("a healing step is handed to its member alone, and to nobody who is not here [HEAL-1] [HEAL-4]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  using carol = await RawMember.join(relay, { name: "carol" });
  bob.send({ type: "heal", room: "lobby", to: "alice", step: "marks", marks: [] });
  expect(await alice.next("heal")).toMatchObject({ from: "bob", key: bob.pair.key, step: "marks" });
  bob.send({ type: "heal", room: "lobby", to: "nobody", step: "done" });
  await bob.settled();
  await carol.settled();
  expect([...bob.frames, ...carol.frames].filter((f) => f.type === "heal")).toEqual([]);
});

test("who has not joined a room can do nothing in it, whatever the frame [JOIN-11]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" }, { room: "other" });
  const room = "lobby";
  const event = bob.seal("hello");
  bob.post(event);
  bob.send({ type: "deliver", room, to: "alice", stamp: "1700000000000-0", event });
  bob.send({ type: "receipts", room, to: "alice", items: [] });
  bob.send({ type: "presence", room, facts: {} });
  bob.send({ type: "file", room, to: "alice", step: "want", id });
  bob.send({ type: "heal", room, to: "alice", step: "marks", marks: [] });
  bob.send({ type: "leave", room });
  bob.socket.send(chunk("alice", Buffer.from("x")));
  for (let n = 0; n < 8; n++) expect(await bob.next("refused")).toMatchObject({ code: "not-joined", room });
  await alice.settled();
  expect(alice.frames.filter((f) => f.type !== "presence")).toEqual([]);
});

test("to somebody who is not here they are refused", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  alice.send({ type: "receipts", room: "lobby", to: "bob", items: [] });
  alice.send({ type: "file", room: "lobby", to: "bob", step: "want", id });
  alice.socket.send(chunk("bob", Buffer.from("x")));
  expect(await alice.next("refused")).toMatchObject({ code: "no-such-member" });
  expect(await alice.next("refused")).toMatchObject({ code: "no-such-member", id });
  expect(await alice.next("refused")).toMatchObject({ code: "no-such-member", id });
});

test("chunks arrive whole and in order, with from instead of to [FILE-3]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const part = (i: number): Buffer => Buffer.alloc(64 * 1024, i);
  for (let i = 0; i < 32; i++) alice.socket.send(chunk("bob", part(i), { offset: i * 64 * 1024 }));
  for (let i = 0; i < 32; i++) {
    const read = decodeChunk(await bob.nextChunk(), 64 * 1024);
    if (!read.ok) throw new Error(read.message);
    expect(read.value.header).toEqual({ room: "lobby", from: "alice", id, offset: i * 64 * 1024 });
    expect(Buffer.compare(read.value.bytes, part(i))).toBe(0);
  }
});

test("a chunk must be whole, for somebody, in the room, within the limits [FILE-3] [FILE-6]", async () => {
  await using relay = await openRelay({ limits: { ...DEFAULT_RELAY_CONFIG.limits, fileBytes: 100_000 } });
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  const attempts = [
    [new Uint8Array([1]), "bad-frame"],
    [new Uint8Array([255, 255, 1]), "bad-frame"],
    [new Uint8Array([0, 2, 123, 125]), "bad-frame"],
    [chunk(undefined, Buffer.from("x")), "bad-frame"],
    [chunk("bob", Buffer.alloc(64 * 1024 + 1)), "too-big"],
    [chunk("bob", Buffer.alloc(100), { offset: 99_999 }), "too-big"],
    [chunk("bob", Buffer.alloc(1), { room: "other" }), "not-joined"],
  ] as const;
  for (const [bytes, code] of attempts) {
    alice.socket.send(bytes);
    expect((await alice.next("refused")).code).toBe(code);
  }
  await bob.settled();
  expect(bob.chunks).toEqual([]);
});

test("who reads slowly is sent a bounded number of chunks, and events before them [FILE-5]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  bob.socket.pause();
  const bytes = Buffer.alloc(64 * 1024);
  let sent = 0;
  let refused;
  while (refused === undefined) {
    for (let i = 0; i < 16; i++) alice.socket.send(chunk("bob", bytes, { offset: sent++ }));
    await alice.settled();
    refused = alice.frames.find((f) => f.type === "refused");
  }
  expect(refused).toMatchObject({ code: "rate", id });
  // Eight MiB wait in the relay; some more are in the system's buffers.
  expect(sent * bytes.length).toBeGreaterThan(8 * 1024 * 1024);
  await alice.say("this overtakes");
  bob.socket.resume();
  expect(textOf(await bob.next("event"))).toBe("this overtakes");
  const before = bob.chunks.length;
  const passed = sent - alice.frames.filter((f) => f.type === "refused").length - 1;
  expect(before).toBeLessThan(passed);
});
