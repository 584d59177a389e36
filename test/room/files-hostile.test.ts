// Members that send files, or ask for them, as no honest client does: nothing is stored wrongly, nothing grows, and honest
// transfers go on beside them.
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ChunkHeader, decodeChunk, encodeChunk, FILE_OFFER, type FromRelay, newId } from "@agora/protocol";
import type { Relay } from "@agora/relay";
import { say } from "../../packages/member/src/messages/say.ts";
import { RawMember } from "../../relay-server/test/raw-member.ts";
import { type Member, makePlace, must, openRelay, type Place, until } from "./fixture.ts";

const CHUNK = 64 * 1024;
let relay: Relay;
let alice: Place;
let bob: Place;

beforeEach(async () => {
  relay = await openRelay();
  alice = makePlace("alice");
  bob = makePlace("bob");
});
afterEach(async () => {
  await relay.close();
  alice.remove();
  bob.remove();
});

const enter = (name: string): Promise<RawMember> => RawMember.join({ url: `ws://127.0.0.1:${relay.port}` }, { name });
const online = (member: Member, name: string): Promise<unknown> =>
  until(`${name} is here`, () => member.room.members.isHere(name) || undefined);
const put = (place: Place, name: string, size: number): Buffer => {
  const bytes = randomBytes(size);
  writeFileSync(join(place.dir, "project", name), bytes);
  return bytes;
};
const send = async (member: Member, to: string[], file: string): Promise<string> =>
  must(await say(member.room, { via: "cli", text: "", to, file }, undefined)).id;
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Offers to bob; gives the id. */
function offer(by: RawMember, key: string, bytes: Buffer, more: object = {}): string {
  const body = { name: "x.bin", size: bytes.length, sha256: sha256(bytes), ...more };
  const event = by.seal(JSON.stringify(body), { kind: "file", to: [{ member: "bob", key }] }, FILE_OFFER);
  by.post(event);
  return (JSON.parse(event.head) as { id: string }).id;
}
function give(by: RawMember, id: string, offset: number, bytes: Uint8Array, more: Partial<ChunkHeader> = {}): void {
  by.socket.send(encodeChunk({ room: "lobby", to: "bob", id, offset, ...more }, bytes));
}
type Step = Extract<FromRelay, { type: "file" }>;
const step = (by: RawMember, id: string, what: Step["step"]): Promise<Step> =>
  by.nextThat((f): f is Step => f.type === "file" && f.id === id && f.step === what, what);

describe("a hostile sender", () => {
  test("can't store what is not what was offered [FILE-7]", async () => {
    await using b = await bob.open(relay.port);
    using mallory = await enter("mallory");
    await online(b, "mallory");
    const bytes = randomBytes(1_000);
    const id = offer(mallory, b.room.myKey, bytes, { sha256: "0".repeat(64) });
    await step(mallory, id, "want");
    give(mallory, id, 0, bytes);
    expect(await step(mallory, id, "refuse")).toMatchObject({ code: "hash" });
    expect(b.room.files.stateOf(id)).toMatchObject({ state: "failed", code: "hash" });
    const second = offer(mallory, b.room.myKey, bytes);
    await step(mallory, second, "want");
    give(mallory, second, 0, Buffer.concat([bytes, bytes]));
    expect(await step(mallory, second, "refuse")).toMatchObject({ code: "hash" });
    await until("no part is left", () => readdirSync(join(bob.dir, "project", ".agora", "files")).length === 0);
  });

  test("sends in any order, twice, overlapping and for others: only what was asked for is taken [FILE-10]", async () => {
    await using b = await bob.open(relay.port);
    using mallory = await enter("mallory");
    using carol = await enter("carol");
    await Promise.all([online(b, "mallory"), online(b, "carol")]);
    const bytes = randomBytes(3 * CHUNK);
    const id = offer(mallory, b.room.myKey, bytes);
    await step(mallory, id, "want");
    give(carol, id, 0, Buffer.alloc(CHUNK)); // not hers
    give(mallory, newId(), 0, Buffer.alloc(CHUNK));
    give(mallory, id, CHUNK, bytes.subarray(CHUNK, 2 * CHUNK)); // a gap
    expect(await step(mallory, id, "want")).toMatchObject({ offset: 0 });
    give(mallory, id, 0, bytes.subarray(0, CHUNK));
    give(mallory, id, 0, Buffer.alloc(CHUNK)); // known: the first counts
    give(mallory, id, CHUNK / 2, bytes.subarray(CHUNK / 2, CHUNK / 2 + CHUNK)); // overlaps
    give(mallory, id, CHUNK + CHUNK / 2, bytes.subarray(CHUNK + CHUNK / 2, 2 * CHUNK + CHUNK / 2));
    give(mallory, id, 2 * CHUNK + CHUNK / 2, new Uint8Array(0));
    give(mallory, id, 2 * CHUNK + CHUNK / 2, bytes.subarray(2 * CHUNK + CHUNK / 2));
    await step(mallory, id, "done");
    const { path } = b.room.files.stateOf(id)!;
    expect(readFileSync(join(bob.dir, "project", path!)).equals(bytes)).toBe(true);
  });

  test("that never sends keeps nobody else waiting [FILE-11]", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    using mallory = await enter("mallory");
    await Promise.all([online(a, "bob"), online(b, "mallory")]);
    const ids = Array.from({ length: 20 }, (_, i) => offer(mallory, b.room.myKey, randomBytes(100 + i)));
    await step(mallory, ids[0]!, "want");
    put(alice, "f.bin", 500_000);
    const id = await send(a, ["bob"], "f.bin");
    await until("alice's file is stored", () => b.room.files.stateOf(id)?.state === "stored");
    const wanted = mallory.frames.filter((f) => f.type === "file" && f.step === "want");
    expect(wanted.length).toBeLessThan(6);
  });

  test("can't name a place [FILE-8]", async () => {
    await using b = await bob.open(relay.port);
    using mallory = await enter("mallory");
    await online(b, "mallory");
    for (const name of ["../../CLAUDE.md", "..", "/etc/passwd", ".mcp.json", "a/../../b", "C:\\x\\AGENTS.md"]) {
      const bytes = randomBytes(50);
      const id = offer(mallory, b.room.myKey, bytes, { name });
      await step(mallory, id, "want");
      give(mallory, id, 0, bytes);
      await step(mallory, id, "done");
      expect(b.room.files.stateOf(id)?.path).toMatch(/^\.agora\/files\/[0-9a-f]{8}-[^/\\]+$/);
    }
    expect(readdirSync(join(bob.dir, "project"))).toEqual([".agora"]);
  });
});

describe("a hostile receiver", () => {
  test("gets nothing that was not offered to it [FILE-11] [FILE-9]", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port, { autoFileBytes: 0 });
    using mallory = await enter("mallory");
    await Promise.all([online(a, "bob"), online(a, "mallory")]);
    put(alice, "f.bin", 200_000);
    const id = await send(a, ["bob"], "f.bin");
    for (const wanted of [id, newId(), "constructor", "__proto__"]) {
      mallory.send({ type: "file", room: "lobby", to: "alice", step: "want", id: wanted, offset: 0 });
      if (wanted.length === 20) expect(await step(mallory, wanted, "refuse")).toMatchObject({ code: "foreign" });
    }
    mallory.send({ type: "file", room: "lobby", to: "alice", step: "done", id });
    mallory.send({ type: "file", room: "lobby", to: "alice", step: "refuse", id, code: "rejected" });
    mallory.send({ type: "file", room: "lobby", to: "alice", step: "ack", id, offset: 100_000 });
    await mallory.settled();
    expect(mallory.chunks).toEqual([]);
    expect(a.room.files.stateOf(id)?.recipients?.map((r) => r.member)).toEqual(["bob"]);
    expect(a.room.files.stateOf(id)?.recipients?.[0]?.state).toBe("waiting");
    void b;
  });

  test("that asks without end, and never acknowledges, is given a window's worth now and then [FILE-4] [FILE-11]", async () => {
    await using a = await alice.open(relay.port);
    await using b = await bob.open(relay.port);
    using mallory = await enter("mallory");
    await Promise.all([online(a, "bob"), online(a, "mallory")]);
    const bytes = put(alice, "f.bin", 12 * 1024 * 1024);
    const id = await send(a, [], "f.bin");
    const want = (offset: number): void =>
      mallory.send({ type: "file", room: "lobby", to: "alice", step: "want", id, offset });
    want(0);
    await mallory.nextChunk();
    await new Promise((r) => setTimeout(r, 100));
    expect(mallory.chunks.length).toBeLessThan(64);
    mallory.send({ type: "file", room: "lobby", to: "alice", step: "ack", id, offset: 11_000_000 }); // never sent
    for (let i = 0; i < 300; i += 1) want(i);
    await until("bob has it", () => b.room.files.stateOf(id)?.state === "stored");
    await mallory.settled();
    const got = mallory.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    expect(got).toBeLessThan(bytes.length);
    for (const chunk of mallory.chunks) {
      const read = must(decodeChunk(chunk, CHUNK));
      const { offset } = read.header;
      expect(Buffer.compare(read.bytes, bytes.subarray(offset, offset + read.bytes.length))).toBe(0);
    }
  });

  test("that reads nothing is waited for, and its file comes when it reads [FILE-10]", async () => {
    await using a = await alice.open(relay.port);
    using slow = await enter("slow");
    await online(a, "slow");
    const bytes = put(alice, "f.bin", 3 * 1024 * 1024);
    const id = await send(a, ["slow"], "f.bin");
    const got = Buffer.alloc(bytes.length);
    let at = 0;
    slow.send({ type: "file", room: "lobby", to: "alice", step: "want", id, offset: 0 });
    await slow.nextChunk();
    slow.chunks.length = 0;
    slow.socket.pause();
    await new Promise((r) => setTimeout(r, 200));
    slow.socket.resume();
    slow.send({ type: "file", room: "lobby", to: "alice", step: "want", id, offset: 0 });
    while (at < bytes.length) {
      const { header, bytes: part } = must(decodeChunk(await slow.nextChunk(), CHUNK));
      if (header.offset !== at) continue;
      got.set(part, at);
      at += part.length;
      slow.send({ type: "file", room: "lobby", to: "alice", step: "ack", id, offset: at });
    }
    slow.send({ type: "file", room: "lobby", to: "alice", step: "done", id });
    expect(got.equals(bytes)).toBe(true);
    await until("alice knows", () => a.room.files.stateOf(id)?.recipients?.[0]?.state === "done");
  });
});
