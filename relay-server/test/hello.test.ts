// [HELLO-*], [CONNECT-*]: the first frames of a connection, and who may open one.
import { manualClock } from "@agora/ports/testing";
import { HELLO_TIMEOUT_MS } from "@agora/protocol";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { isOurOrigin } from "../src/hello.ts";
import { openRelay, RawMember, TOKEN } from "./raw-member.ts";

test("a good hello is answered with version, limits and the relay's life [HELLO-1]", async () => {
  await using relay = await openRelay();
  using alice = new RawMember(relay.url, { name: "alice" });
  await alice.sayHello();
  const welcome = await alice.next("welcome");
  expect(welcome).toMatchObject({ v: 1, limits: { members: 50, chunkBytes: 65_536 } });
  expect(welcome.relay).toMatch(/^agora-relay\//);
});

test.each([
  ["another version [HELLO-3]", { v: [7] }, 4002],
  ["an invalid name [NAME-1]", { name: "Alice B" }, 4012],
  ["a reserved name [NAME-2]", { name: "operator" }, 4012],
  ["another relay's origin [HELLO-4]", { origin: "wss://relay.example.org" }, 4013],
  ["a key that did not sign [HELLO-2]", { key: "A".repeat(43) }, 4003],
])("a hello with %s ends the connection", async (_what, hello, code) => {
  await using relay = await openRelay();
  using alice = new RawMember(relay.url, { name: "alice", hello });
  await alice.sayHello();
  expect(await alice.closed).toMatchObject({ code });
});

test("a signature for another connection's nonce does not count [HELLO-2]", async () => {
  await using relay = await openRelay();
  using alice = new RawMember(relay.url, { name: "alice", hello: { sig: "A".repeat(86) } });
  await alice.sayHello();
  expect((await alice.closed).code).toBe(4003);
});

test("a frame before hello, or one that is none, ends the connection [HELLO-6]", async () => {
  await using relay = await openRelay();
  for (const text of ['{"type":"join","room":"lobby"}', "nonsense", '{"type":"hello"}', '{"type":"dance"}']) {
    using client = new RawMember(relay.url, { name: "alice" });
    await client.next("challenge");
    client.socket.send(text);
    expect((await client.closed).code).toBe(4000);
  }
  for (const bytes of [Buffer.from([1, 2, 3]), "x".repeat(5_000)]) {
    using client = new RawMember(relay.url, { name: "alice" });
    await client.next("challenge");
    client.socket.send(bytes);
    expect((await client.closed).code).toBe(4000);
  }
});

test("who says no hello, or joins nothing after it, is closed [HELLO-5]", async () => {
  const clock = manualClock();
  await using relay = await openRelay({}, { clock });
  using silent = new RawMember(relay.url, { name: "alice" });
  await silent.next("challenge");
  clock.advance(HELLO_TIMEOUT_MS);
  expect((await silent.closed).code).toBe(4001);

  using idle = await RawMember.open(relay, { name: "bob" });
  using member = await RawMember.join(relay, { name: "carol" });
  clock.advance(HELLO_TIMEOUT_MS);
  expect((await idle.closed).code).toBe(4001);
  expect(member.socket.readyState).toBe(WebSocket.OPEN);
});

test("a second hello is refused", async () => {
  await using relay = await openRelay();
  using alice = await RawMember.join(relay, { name: "alice" });
  alice.send({ type: "hello", v: [1], name: "bob", key: alice.pair.key, origin: relay.url, sig: "x" });
  expect((await alice.next("refused")).code).toBe("bad-frame");
});

test("/ and /ws are WebSockets, another path is not found [CONNECT-1]", async () => {
  await using relay = await openRelay();
  expect(await statusOf(`${relay.url}/`)).toBe(101);
  expect(await statusOf(`${relay.url}/ws?x=1`)).toBe(101);
  expect(await statusOf(`${relay.url}/other`)).toBe(404);
});

test("a web page may connect only from the relay's own or an allowed origin [CONNECT-2]", async () => {
  await using relay = await openRelay({
    allowedOrigins: ["https://console.example.org"],
    publicUrl: "wss://relay.example.org",
  });
  const url = `ws://127.0.0.1:${relay.port}/ws`;
  expect(await statusOf(url, "https://evil.example.org")).toBe(403);
  expect(await statusOf(url, "null")).toBe(403);
  expect(await statusOf(url, "https://console.example.org")).toBe(101);
  expect(await statusOf(url, `http://127.0.0.1:${relay.port}`)).toBe(101);
  expect(await statusOf(url, "https://relay.example.org")).toBe(101);
});

test("with a public address only it, or loopback dialled as such, is ours [HELLO-4]", () => {
  const behind = { host: "relay.example.org", publicUrl: "wss://relay.example.org" };
  expect(isOurOrigin("wss://relay.example.org", behind)).toBe(true);
  expect(isOurOrigin("wss://evil.example.org", { ...behind, host: "evil.example.org" })).toBe(false);
  expect(isOurOrigin("ws://127.0.0.1:8080", { ...behind, host: "127.0.0.1:8080" })).toBe(true);
  expect(isOurOrigin("ws://127.0.0.1:8080", behind)).toBe(false);
  const open = { host: "relay.example.org:443", publicUrl: undefined };
  expect(isOurOrigin("wss://relay.example.org", open)).toBe(true);
  expect(isOurOrigin("wss://relay.example.org:8443", open)).toBe(false);
  expect(isOurOrigin("nonsense", open)).toBe(false);
  expect(isOurOrigin("wss://x", { host: "", publicUrl: undefined })).toBe(false);
});

test("hello, join and a first post may come in one go: they are handled in order", async () => {
  await using relay = await openRelay();
  using alice = new RawMember(relay.url, { name: "alice" });
  await alice.sayHello();
  alice.send({ type: "join", room: "lobby", token: TOKEN });
  alice.post(alice.seal("at once"));
  await alice.next("stamped");
  expect(alice.frames.map((f) => f.type)).toContain("joined");
});

function statusOf(url: string, origin?: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, origin === undefined ? {} : { origin });
    socket.on("error", () => undefined);
    socket.on("unexpected-response", (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on("open", () => {
      resolve(101);
      socket.terminate();
    });
  });
}
