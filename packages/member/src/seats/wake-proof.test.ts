import { manualClock } from "@agora/ports/testing";
import { expect, test } from "vitest";
import { foldProven, MAX_PROVEN, type Proven, type ProvenWakeMethod } from "./proven-fold.ts";
import { createWakeProofs } from "./wake-proof.ts";

test("only the word that was handed, brought back by the same seat, proves a test", async () => {
  const proofs = createWakeProofs(manualClock());
  const proof = proofs.begin("codex", "w1", 1_000);
  expect(proofs.bring("codex", "w1")).toBe(false); // not handed yet
  expect(proofs.wordFor("claude")).toBeUndefined();
  expect(proofs.wordFor("codex")).toBe("w1");
  expect(proofs.wordFor("codex")).toBeUndefined();
  expect(proofs.bring("claude", "w1")).toBe(false);
  expect(proofs.bring("codex", "w2")).toBe(false);
  expect(proofs.bring("codex", "w1")).toBe(true);
  expect(await proof).toEqual({ proven: true });
  expect(proofs.rungs()).toMatchObject([{ seat: "codex", rung: "wake" }]);
  expect(proofs.bring("codex", "w1")).toBe(false);
});

test("a test that ends says how far it came, and proves nothing", async () => {
  const clock = manualClock();
  const proofs = createWakeProofs(clock);
  const first = proofs.begin("codex", "w1", 1_000);
  const second = proofs.begin("codex", "w2", 1_000);
  expect(await first).toMatchObject({ proven: false, reason: "another test began" });
  clock.advance(1_000);
  expect(await second).toMatchObject({ proven: false, reason: expect.stringContaining("did not reach") as string });
  const third = proofs.begin("codex", "w3", 1_000);
  proofs.turnEnded("codex"); // an earlier turn, not the woken one
  proofs.wordFor("codex");
  proofs.turnEnded("codex");
  expect(await third).toMatchObject({ reason: expect.stringContaining("did not bring the word back") as string });
  expect(proofs.rungs()).toEqual([]);
});

test("a sign of the model proves the rung that it came by, the latest counts", () => {
  const clock = manualClock(1_000);
  const proofs = createWakeProofs(clock);
  proofs.signed("claude", "stop");
  clock.advance(5);
  proofs.signed("claude", "stop");
  proofs.signed("claude", "prompt");
  expect(proofs.rungs()).toEqual([
    { seat: "claude", rung: "stop", at: 1_005 },
    { seat: "claude", rung: "prompt", at: 1_005 },
  ]);
});

test("a proof is kept, not every sign, and counts after the daemon's end", () => {
  const clock = manualClock(1_000);
  const state: Proven = {};
  let kept = 0;
  const keep = (proven: ProvenWakeMethod): void => {
    kept += 1;
    foldProven(state, proven);
  };
  const proofs = createWakeProofs(clock, { keep });
  proofs.signed("claude", "tool");
  clock.advance(1_000);
  proofs.signed("claude", "tool");
  expect([kept, proofs.rungs()]).toEqual([1, [{ seat: "claude", rung: "tool", at: 2_000 }]]);
  clock.advance(59_000);
  proofs.signed("claude", "tool");
  expect(kept).toBe(2);
  const later = createWakeProofs(clock, { known: Object.values(state), keep });
  expect(later.rungs()).toEqual([{ seat: "claude", rung: "tool", at: 61_000 }]);
});

test("only so many are remembered, the latest", () => {
  const clock = manualClock(1_000);
  const state: Proven = {};
  const proofs = createWakeProofs(clock, { keep: (proven) => foldProven(state, proven) });
  for (let n = 0; n < MAX_PROVEN + 40; n += 1) proofs.signed(`claude.${n}`, "wake");
  expect(proofs.rungs()).toHaveLength(MAX_PROVEN);
  expect(Object.keys(state).length).toBeLessThan(MAX_PROVEN + 40);
  for (const rungs of [proofs.rungs(), Object.values(state)])
    expect(rungs.at(-1)).toMatchObject({ seat: `claude.${MAX_PROVEN + 39}` });
});
