import { createSigner, createVerifier, generateKeyPair } from "@agora/ports";
import { openEvent, signEvent, signEventLater, TEXT } from "@agora/protocol";
import { expect, test } from "vitest";
import { createBrowserVerifier } from "./keys.ts";
import { createLaterSigner, createMemberKey } from "./member-key.ts";

const verifier = createBrowserVerifier();

test("a key that can't be read out signs what every other member takes", async () => {
  const made = await createMemberKey();
  if (!made.ok) throw new Error(made.message);
  await expect(crypto.subtle.exportKey("pkcs8", made.value.pair.privateKey)).rejects.toMatchObject({
    name: "InvalidAccessError",
  });
  const signer = createLaterSigner(made.value);
  const id = "0123456789abcdefghjk";
  const about = {
    id,
    room: "lobby",
    author: "wanda",
    role: "user",
    kind: "message",
    to: [],
    thread: id,
    chain: id,
  } as const;
  const unsigned = signEvent({ ...about, to: [], hop: 0, seq: 1, time: 1 }, "Grüße 👋", TEXT, signer, verifier);
  expect(openEvent(unsigned.signed, createVerifier()).ok).toBe(false);
  const signed = await signEventLater(unsigned, signer);
  expect(openEvent(signed.signed, createVerifier()).ok).toBe(true);
  expect(openEvent(signed.signed, verifier).ok).toBe(true);
});

test("both ways of checking agree with the daemon's, on what is right and on what is not", async () => {
  const theirs = createVerifier();
  const signer = createSigner(generateKeyPair());
  const sig = signer.sign("text");
  const spare = `${sig.slice(0, -1)}${String.fromCodePoint(sig.codePointAt(85)! + 1)}`;
  const high = `${sig.slice(0, 60)}${"_".repeat(25)}w`;
  const cases: readonly (readonly [string, string, string])[] = [
    [signer.key, "text", sig],
    [signer.key, "text.", sig],
    [generateKeyPair().key, "text", sig],
    ["A".repeat(43), "text", sig],
    [`${"_".repeat(42)}8`, "text", sig],
    [signer.key, "text", "A".repeat(86)],
    [signer.key, "text", high],
    [signer.key, "text", spare],
    [signer.key, "text", `${sig}==`],
    [signer.key, "text", sig.replace("-", "+").replace("_", "/")],
    [signer.key, "text", "no signature"],
  ];
  for (const [key, text, given] of cases) {
    const right = theirs.verify(key, text, given);
    expect(verifier.verify(key, text, given)).toBe(right);
    expect(await verifier.verifyLater(key, text, given)).toBe(right);
  }
  expect(verifier.sha256("Grüße")).toBe(theirs.sha256("Grüße"));
});
