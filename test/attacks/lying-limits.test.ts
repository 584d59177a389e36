// The attacker: whoever stands between a member and its relay, and changes the limits that `welcome` tells: the relay's proof does
// not cover them.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeChunk, DEFAULT_LIMITS } from "@agora/protocol";
import { expect, onTestFinished, test } from "vitest";
import { believedLimits } from "../../packages/member/src/kernel/believed-limits.ts";
import { say } from "../../packages/member/src/messages/say.ts";
import { makePlace, must, until } from "../room/fixture.ts";
import { Peer } from "../room/peer.ts";
import { ScriptedRelay } from "../room/scripted-relay.ts";

const KB = 1024;
const FILE_BYTES = 100 * KB;

for (const chunkBytes of [0, -1, Number.MIN_SAFE_INTEGER]) {
  test(`chunks of ${chunkBytes} bytes: a file goes in chunks that end, and the member does nothing for ever [LIMIT-2]`, async () => {
    const place = makePlace("alice");
    onTestFinished(() => place.remove());
    const relay = new ScriptedRelay();
    relay.limits = { ...relay.limits, chunkBytes };
    const bob = new Peer("bob");
    relay.members = [bob.presence()];
    await using alice = await place.open(1, {}, { dial: relay.dial });
    await until("joined", () => alice.room.connection().state === "joined");
    writeFileSync(join(place.dir, "project", "x.bin"), randomBytes(FILE_BYTES));
    const said = say(alice.room, { via: "cli", text: "", to: ["bob"], file: "x.bin" }, undefined);
    await relay.next("post");
    const { id } = JSON.parse(relay.sent("post")[0]!.event.head) as { id: string };
    relay.give({ type: "stamped", room: "lobby", id, stamp: "1700000000000-1" });
    must(await said);
    relay.give({ type: "file", room: "lobby", from: "bob", key: bob.key, step: "want", id, offset: 0 });
    let received = 0;
    let acknowledged = 0;
    while (received < FILE_BYTES) {
      const chunk = await until("the next chunk", () => relay.chunks.shift());
      const { header, bytes } = must(decodeChunk(chunk, DEFAULT_LIMITS.chunkBytes));
      expect(header.offset).toBe(received);
      expect(bytes.length).toBeGreaterThan(0);
      received += bytes.length;
      if (received - acknowledged < KB && received < FILE_BYTES) continue;
      acknowledged = received;
      relay.give({ type: "file", room: "lobby", from: "bob", key: bob.key, step: "ack", id, offset: received });
    }
    expect(received).toBe(FILE_BYTES);
  });
}

test("whatever is said, what a member holds and gives away by it is bounded [LIMIT-2]", () => {
  const told = { ...DEFAULT_LIMITS, chunkBytes: Number.MAX_SAFE_INTEGER, history: Number.MAX_SAFE_INTEGER };
  expect(believedLimits(told)).toEqual({ ...DEFAULT_LIMITS, chunkBytes: KB * KB, history: 10_000 });
  expect(believedLimits({ ...told, history: -1 }).history).toBe(0);
  expect(believedLimits(DEFAULT_LIMITS)).toEqual(DEFAULT_LIMITS);
});
