import { createSigner, generateKeyPair } from "@agora/ports";
import { expect, test } from "vitest";
import { verificationWords } from "./verification-words.ts";

test("both sides see the same six words, and others after any change of a root [KEYCHAIN-11]", async () => {
  const [a, b] = [generateKeyPair(), generateKeyPair()].map((pair) => createSigner(pair).key) as [string, string];
  const words = await verificationWords(a, b);
  expect(words).toHaveLength(6);
  expect(await verificationWords(b, a)).toEqual(words);
  const changed = `${a.slice(0, 20)}${a[20] === "A" ? "B" : "A"}${a.slice(21)}`;
  expect(await verificationWords(changed, b)).not.toEqual(words);
  expect(await verificationWords("A".repeat(43), "B".repeat(43))).toEqual(
    "pupil ten foil brave candy cruise".split(" "),
  );
});
