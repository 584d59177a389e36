// The attacker: whoever holds the token, and wants a relay's memory, its rooms or its places for itself.
import { generateKeyPair } from "@agora/ports";
import { expect, test } from "vitest";
import { openRelay, RawMember } from "../../relay-server/test/raw-member.ts";

const KB = 1024;
const metric = async (port: number, name: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)![1]);
};

test("one connection opens a few rooms, and no more; those of others stay [JOIN-8]", async () => {
  await using relay = await openRelay();
  using mallory = await RawMember.join(relay, { name: "mallory" });
  for (let n = 1; n < 40; n += 1) mallory.send({ type: "join", room: `room-${n}`, token: "a-token-for-tests" });
  await mallory.settled();
  const refused = mallory.frames.filter((frame) => frame.type === "refused");
  expect(refused).toHaveLength(8);
  expect(refused.every(({ code }) => code === "too-many-rooms")).toBe(true);
  expect(await metric(relay.port, "agora_rooms")).toBe(32);
});

test("all rooms taken by strangers: a key that was here before opens its own again [JOIN-8]", async () => {
  await using relay = await openRelay({ maxRooms: 3 });
  const pair = generateKeyPair();
  const alice = await RawMember.join(relay, { name: "alice", pair });
  alice.socket.close();
  await alice.closed;
  const strangers = [];
  for (const n of [1, 2, 3]) strangers.push(await RawMember.join(relay, { name: `s-${n}` }, { room: `taken-${n}` }));
  using newcomer = await RawMember.open(relay, { name: "newcomer" });
  newcomer.send({ type: "join", room: "mine", token: "a-token-for-tests" });
  expect((await newcomer.closed).code).toBe(4015);
  using again = await RawMember.join(relay, { name: "alice", pair });
  expect(again.entered.name).toBe("alice");
  expect((await strangers[2]!.closed).code).toBe(4015);
  for (const stranger of strangers) stranger.socket.terminate();
});

test("all places taken by invented names: who was here before gets its own again, a newcomer does not [JOIN-7]", async () => {
  const { limits } = (await import("../../relay-server/src/config.ts")).DEFAULT_RELAY_CONFIG;
  await using relay = await openRelay({ limits: { ...limits, members: 4 } });
  const pair = generateKeyPair();
  const alice = await RawMember.join(relay, { name: "alice", pair });
  using bob = await RawMember.join(relay, { name: "bob" });
  alice.socket.close();
  await alice.closed;
  await bob.sees("alice", false);
  const invented = [];
  for (const n of [1, 2, 3]) invented.push(await RawMember.join(relay, { name: `x-${n}` }));
  using newcomer = await RawMember.open(relay, { name: "newcomer" });
  newcomer.send({ type: "join", room: "lobby", token: "a-token-for-tests" });
  expect((await newcomer.closed).code).toBe(4010);
  using again = await RawMember.join(relay, { name: "alice", pair });
  expect(again.entered.members.map(({ name }) => name)).toContain("bob");
  expect((await invented[2]!.closed).code).toBe(4010);
  for (const member of invented) member.socket.terminate();
});

test("joins have a rate of their own, and what is sent again to a stranger is little [FLOOD-2] [JOIN-1]", async () => {
  await using relay = await openRelay();
  using bob = await RawMember.join(relay, { name: "bob" });
  for (let n = 0; n < 30; n += 1) await bob.say("x".repeat(100 * KB));
  // 3 MB are in the ring: a key that was never here is told of a gap, and its past comes by healing.
  const pair = generateKeyPair();
  using mallory = await RawMember.join(relay, { name: "mallory", pair }, { after: "0-0" });
  expect(mallory.entered.gap).toBe(true);
  await mallory.settled();
  expect(mallory.frames.filter((frame) => frame.type === "event")).toEqual([]);
  // One that was here has it sent again, a few times.
  let sent = 0;
  for (let n = 0; n < 12; n += 1) {
    mallory.send({ type: "leave", room: "lobby" });
    const entered = await mallory.enter({ after: "0-0" });
    await mallory.settled();
    sent += mallory.frames.splice(0).filter((frame) => frame.type === "event").length;
    if (sent > 0 && entered.gap) break;
  }
  expect(sent).toBeGreaterThan(0);
  expect(sent * 100 * KB).toBeLessThan(24 * 1024 * KB);
  for (let n = 0; n < 120; n += 1) {
    mallory.send({ type: "leave", room: "lobby" });
    mallory.send({ type: "join", room: "lobby", token: "a-token-for-tests" });
  }
  expect((await mallory.closed).code).toBe(4011);
});

test("the rings of all rooms are bounded together, and the fullest pay [LIMIT-1]", async () => {
  await using relay = await openRelay({ memoryBytes: 4 * 1024 * KB });
  using alice = await RawMember.join(relay, { name: "alice" }, { room: "quiet" });
  await alice.say("kept", { room: "quiet" });
  using mallory = await RawMember.join(relay, { name: "mallory" });
  for (const n of [1, 2, 3]) {
    await mallory.enter({ room: `loud-${n}` });
    for (let m = 0; m < 15; m += 1) await mallory.say("é".repeat(50 * KB), { room: `loud-${n}` });
  }
  expect(await metric(relay.port, "agora_ring_bytes")).toBeLessThanOrEqual(2 * 1024 * KB);
  using bob = await RawMember.join(relay, { name: "bob" }, { room: "quiet", after: "0-0" });
  expect((await bob.next("event")).event.body).toBe("kept");
});
