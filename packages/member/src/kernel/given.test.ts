import { newId, type Receipt } from "@agora/protocol";
import { expect, test } from "vitest";
import { foldGiven, forgottenUpTo, type Given } from "./given.ts";

let at = 0;
const receipt = (id = newId()): Receipt => ({ id, state: "rejected", at: (at += 1) });

test("what strangers are told pushes out nothing that a friend was told, nor what one hands on what another's stranger was", () => {
  const given: Given = {};
  const [friends, honests, handed] = [receipt(), receipt(), receipt()];
  foldGiven(given, { author: "friend", receipt: friends, standing: "met" });
  foldGiven(given, { author: "honest", receipt: honests, standing: "here" });
  foldGiven(given, { author: "away", receipt: handed, standing: "handed", by: "friend" });
  expect(forgottenUpTo(given)).toBe(-Infinity);
  for (let n = 0; n < 5_000; n += 1)
    foldGiven(given, { author: `h${n}`, receipt: receipt(), standing: "handed", by: "mallory" });
  for (let n = 0; n < 200; n += 1) foldGiven(given, { author: "mallory", receipt: receipt(), standing: "here" });
  expect(Object.keys(given)).toEqual(expect.arrayContaining([friends.id, honests.id, handed.id]));
  for (let n = 0; n < 5_000; n += 1) foldGiven(given, { author: `n${n}`, receipt: receipt(), standing: "here" });
  expect(given[friends.id]).toBeDefined();
  expect(Object.keys(given).length).toBeLessThanOrEqual(1_000);
});

test("tells up to when something may be forgotten: all that is known came later", () => {
  const given: Given = {};
  const times = new Map<string, number>();
  for (let n = 0; n < 2_000; n += 1) {
    const one = receipt();
    times.set(one.id, one.at);
    foldGiven(given, { author: `n${n % 90}`, receipt: one, standing: n % 3 === 0 ? "met" : "here" });
  }
  const forgotten = Math.max(...[...times].filter(([id]) => !(id in given)).map(([, time]) => time));
  expect(forgottenUpTo(given)).toBeGreaterThanOrEqual(forgotten);
  expect(forgottenUpTo(given)).toBeLessThan(at);
});
