import { keyPairOf } from "@agora/ports";
import { expect, test } from "vitest";
import type { CommandContext } from "../answer.ts";
import { keyOfWords, makeWords, recover, wordsOf } from "./recovery.ts";

const SEED = new Uint8Array(32).fill(7);

test("24 words give the key they were made of, and nothing else does", async () => {
  const words = await wordsOf(SEED);
  expect(words).toHaveLength(24);
  const key = keyPairOf(Buffer.from(SEED).toString("base64url"));
  expect(await keyOfWords(`  ${words.join("\n").toUpperCase()} `)).toEqual(key);
  const [first, ...rest] = words;
  for (const wrong of [rest.join(" "), [...rest, first].join(" "), [...words, "zoo"].join(" "), "", "zoo ".repeat(24)])
    expect(await keyOfWords(wrong)).toBeUndefined();
});

test("the words are neither shown nor read where somebody else writes down what is said", async () => {
  const nobody = { via: "hook", daemon: () => Promise.reject(new Error("nobody is asked")) };
  for (const act of [makeWords, recover])
    expect(await act(nobody as unknown as CommandContext)).toMatchObject({ code: "not-allowed" });
});
