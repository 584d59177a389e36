import type { Receipt } from "@agora/protocol";
import { expect, test } from "vitest";
import { createEarlyWords, type EarlyWord } from "./early-words.ts";

const word = (from: string, id: string, state: Receipt["state"] = "stored"): EarlyWord => ({
  ...{ from, key: `key of ${from}` },
  word: { id, state, at: 1 },
});

test("an event that comes is given what those told whom it addresses, once", () => {
  const early = createEarlyWords("alice", () => true);
  for (const one of [word("bob", "e1"), word("bob", "e2"), word("carol", "e1"), word("bob", "e1", "seen")])
    early.keep(one);
  expect(early.take("e1", ["bob"])).toEqual([word("bob", "e1"), word("bob", "e1", "seen")]);
  expect(early.take("e1", ["bob", "carol"])).toEqual([word("carol", "e1")]);
  expect(early.take("e2", ["bob"])).toEqual([word("bob", "e2")]);
});

test("whoever tells of thousands of events that never come loses own words alone", () => {
  const early = createEarlyWords("alice", (member) => !member.startsWith("stranger"));
  early.keep(word("bob", "e1"));
  for (let n = 0; n < 10_000; n += 1) early.keep(word("mallory", `m${n}`));
  for (let n = 0; n < 10_000; n += 1) early.keep(word(`stranger-${n}`, "e1"));
  expect(early.take("e1", ["bob"])).toEqual([word("bob", "e1")]);
  expect(early.take("m9999", ["mallory"])).toHaveLength(1);
  expect(early.take("m0", ["mallory"])).toEqual([]);
});
