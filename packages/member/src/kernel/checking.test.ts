import { createLaterVerifier, createSigner, generateKeyPair } from "@agora/ports";
import { type EventFrame, newId, signEvent, TEXT } from "@agora/protocol";
import { expect, test } from "vitest";
import { createChecking } from "./checking.ts";

const verifier = createLaterVerifier();
const carol = createSigner(generateKeyPair());

function frame(seq: number, text = `line ${seq}`): EventFrame {
  const id = newId();
  const draft = { id, room: "lobby", author: "carol", role: "user", kind: "message", thread: id, chain: id } as const;
  const { signed: sealed } = signEvent({ ...draft, to: [], hop: 0, seq, time: seq }, text, TEXT, carol, verifier);
  return { type: "event", room: "lobby", stamp: `${seq}-0`, by: "alice", event: sealed };
}

function forged(seq: number): EventFrame {
  const good = frame(seq);
  return { ...good, event: { ...good.event, head: good.event.head.replace('"hop":0', '"hop":1') } };
}

test("what many signatures are checked of is taken in its order, what does not hold among it as such", async () => {
  const taken: string[] = [];
  const checking = createChecking({
    verifier,
    take: ({ stamp }, opened) => taken.push(`${stamp} ${opened.ok ? opened.value.body : opened.code}`),
  });
  for (let seq = 1; seq <= 600; seq += 1) checking.add(seq % 100 === 0 ? forged(seq) : frame(seq));
  expect(taken).toEqual([]); // nothing before its check, and the caller goes on
  await new Promise<void>((resolve) => checking.afterAll(resolve));
  expect(taken).toEqual(
    Array.from({ length: 600 }, (_, n) => `${n + 1}-0 ${(n + 1) % 100 === 0 ? "bad-event" : `line ${n + 1}`}`),
  );
});

test("what waits is bounded: beyond, the caller's thread checks, in order as well", async () => {
  let taken = 0;
  const checking = createChecking({
    verifier,
    take({ stamp }, opened) {
      taken += 1;
      expect([stamp, opened.ok]).toEqual([`${taken}-0`, true]);
    },
  });
  const text = "x".repeat(1024 * 1024);
  for (let seq = 1; seq <= 12; seq += 1) checking.add(frame(seq, text));
  expect(taken).toBeGreaterThanOrEqual(4);
  await new Promise<void>((resolve) => checking.afterAll(resolve));
  expect(taken).toBe(12);
});

test("nothing is taken after the end", async () => {
  let taken = 0;
  const checking = createChecking({ verifier, take: () => (taken += 1) });
  for (let seq = 1; seq <= 50; seq += 1) checking.add(frame(seq));
  checking.end();
  checking.afterAll(() => (taken += 100));
  await verifier.verifyLater(carol.key, "anything", "");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(taken).toBe(100);
});
