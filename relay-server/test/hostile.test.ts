// [FRAME-*], [FLOOD-*], [CLOSE-*]: whatever arrives, the relay goes on.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { encode, type FromClient, newId } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { DEFAULT_RELAY_CONFIG } from "../src/config.ts";
import { openRelay, RawMember, textOf } from "./raw-member.ts";

test("frames that are not understood are refused, each with its word [FRAME-1] [FRAME-2]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  const attempts = [
    ["", "bad-frame"],
    ["nonsense", "bad-frame"],
    ["null", "bad-frame"],
    ["[]", "bad-frame"],
    ["{}", "bad-frame"],
    ['{"type":7}', "bad-frame"],
    ['{"type":"dance"}', "unknown-type"],
    ['{"type":"__proto__"}', "unknown-type"],
    ['{"type":"post"}', "bad-frame"],
    ['{"type":"post","room":"lobby","event":{"head":1}}', "bad-frame"],
    ['{"type":"join","room":"../../x"}', "bad-frame"],
    ['{"type":"welcome","room":"lobby"}', "unknown-type"],
    ["[".repeat(100_000), "bad-frame"],
  ] as const;
  for (const [text, code] of attempts) {
    alice.socket.send(text);
    expect([text.slice(0, 40), (await alice.next("refused")).code]).toEqual([text.slice(0, 40), code]);
  }
  // Fields that are not known do no harm.
  alice.socket.send('{"type":"presence","room":"lobby","facts":{"status":"x","new":1},"more":true}');
  expect(await alice.say("fine")).toMatchObject({ type: "stamped" });
});

test("who sends nothing but nonsense is closed, the others go on [FLOOD-1]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using mallory = await RawMember.join(relay, { name: "mallory" });
  for (let i = 0; i < 200; i++) mallory.socket.send("nonsense");
  expect((await mallory.closed).code).toBe(4011);
  expect(await alice.say("fine")).toMatchObject({ type: "stamped" });
});

test("who sends far too many frames is closed [FLOOD-2]", async () => {
  await using relay = await openRelay({ limits: DEFAULT_RELAY_CONFIG.limits });
  using mallory = await RawMember.join(relay, { name: "mallory" });
  const frame = encode({ type: "presence", room: "lobby", facts: {} });
  for (let i = 0; i < 30_000; i++) mallory.socket.send(frame);
  expect((await mallory.closed).code).toBe(4011);
});

test("who posts on although it is told to wait is closed [FLOOD-1]", async () => {
  await using relay = await openRelay({ limits: DEFAULT_RELAY_CONFIG.limits });
  using mallory = await RawMember.join(relay, { name: "mallory" });
  for (let i = 0; i < 1_200; i++) mallory.post(mallory.seal("now!"));
  expect((await mallory.closed).code).toBe(4011);
});

test("a frame larger than the limit, or text that is not UTF-8, ends its connection alone [CLOSE-3]", async () => {
  await using relay = await openRelay({
    limits: { ...DEFAULT_RELAY_CONFIG.limits, frameBytes: 200_000, textBytes: 1000 },
  });
  using alice = await RawMember.join(relay, { name: "alice" });
  using big = await RawMember.join(relay, { name: "bob" });
  big.socket.send("x".repeat(200_001));
  expect((await big.closed).code).toBe(1009);
  using broken = await RawMember.join(relay, { name: "carol" });
  broken.socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
  expect((await broken.closed).code).toBe(1007);
  await alice.sees("carol", false);
});

test("bytes that are no WebSocket, and requests that are no HTTP, do not stop the relay", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  const upgrade =
    "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  const openings = [
    "nonsense\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    upgrade + "\u0001\u0002\u0003\u0004",
    upgrade.replace("13", "99"),
  ];
  for (const opening of openings) {
    await new Promise<void>((resolve) => {
      const socket = connect(relay.port, "127.0.0.1", () => socket.write(Buffer.from(opening, "latin1")));
      socket.on("error", () => undefined);
      socket.on("data", () => undefined);
      socket.on("close", () => resolve());
      socket.setTimeout(500, () => socket.destroy());
    });
  }
  expect(await alice.say("fine")).toMatchObject({ type: "stamped" });
});

test("any frame at all leaves the relay standing", async () => {
  await using relay = await openRelay();
  using watcher = await RawMember.join(relay, { name: "watcher" });
  const word = fc.oneof(fc.constantFrom("lobby", "alice", "mallory", "control", "0-0", newId()), fc.string());
  const type = fc.constantFrom("join", "leave", "post", "deliver", "receipts", "presence", "file", "hello");
  const frame = fc.record(
    {
      type,
      room: fc.oneof(fc.constant("lobby"), word),
      to: word,
      stamp: fc.constantFrom("0-0", "1-1", "x"),
      token: word,
      step: fc.constantFrom("want", "x"),
      id: word,
      items: fc.array(fc.anything()),
      facts: fc.anything(),
      event: fc.record({ head: fc.json(), sig: fc.constant("A".repeat(86)), body: fc.string() }),
      controls: fc.array(fc.anything()),
    },
    { requiredKeys: ["type"] },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(frame, fc.uint8Array()), { maxLength: 20 }), async (frames) => {
      using mallory = await RawMember.join(relay, { name: "mallory", pair: watcher.pair });
      for (const f of frames) mallory.socket.send(f instanceof Uint8Array ? f : JSON.stringify(f));
      mallory.socket.close(1000);
      await mallory.closed;
      await watcher.settled();
    }),
    { numRuns: 50 },
  );
  expect(await watcher.say("fine")).toMatchObject({ type: "stamped" });
});

test("a member that does not read is dropped with a code, and the others get everything [CLOSE-4]", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  using slow = await RawMember.join(relay, { name: "slow" });
  await alice.sees("slow", true);
  slow.socket.pause();
  const text = "x".repeat(500_000);
  let sent = 0;
  const gone = alice.sees("slow", false).then(() => true);
  while (!(await Promise.race([gone, alice.say(text).then(() => false)]))) sent += 1;
  expect(sent * text.length).toBeGreaterThan(16 * 1024 * 1024);
  for (let i = 0; i < sent; i++) expect(textOf(await bob.next("event")).length).toBe(text.length);
  slow.socket.resume();
  // It reads what was on the way, then the code; or the connection was cut before.
  expect([4008, 1006]).toContain((await slow.closed).code);
});

test("pings of a client are answered between frames, never within one", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  using bob = await RawMember.join(relay, { name: "bob" });
  let pongs = 0;
  bob.socket.on("pong", () => (pongs += 1));
  const text = randomBytes(40_000).toString("base64");
  for (let i = 0; i < 100; i++) {
    alice.post(alice.seal(`${i} ${text}`));
    if (i % 3 === 0) bob.socket.ping(`ping ${i}`);
  }
  for (let i = 0; i < 100; i++) expect(textOf(await bob.next("event"))).toBe(`${i} ${text}`);
  await bob.settled();
  expect(pongs).toBeGreaterThan(0);
  expect(bob.socket.readyState).toBe(WebSocket.OPEN);
});

test("a client may close with any code, and frames after its close do nothing", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  const bob = await RawMember.join(relay, { name: "bob" });
  const late: FromClient = { type: "leave", room: "lobby" };
  bob.socket.close(4999, "so long");
  bob.socket.send(encode(late), () => undefined);
  await bob.closed;
  await alice.sees("bob", false);
});
