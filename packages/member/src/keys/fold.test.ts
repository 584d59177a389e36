import { expect, test } from "vitest";
import { alice, aliceLaptop, aliceRoot, verifier } from "../../../protocol/vectors/source/actors.ts";
import { certify, revoke } from "../../../protocol/vectors/source/keys.ts";
import { signStatement } from "@agora/protocol";
import { foldStatement, type HeldStatements, isHeld, MAX_PER_CARRIER } from "./fold.ts";
import { createKeyRing } from "./ring.ts";

const key = (n: number): string => `${String(n).padStart(6, "0")}${"A".repeat(37)}`;
const met = (): { readonly standing: "met" } => ({ standing: "met" });

test("thousands of statements by one member push out none that others brought, and no revocation [KEYCHAIN-9]", async () => {
  const held: HeldStatements = {};
  const [device, member, end] = await Promise.all([
    signStatement(certify(aliceRoot, "device", aliceLaptop, "laptop"), aliceRoot),
    signStatement(certify(aliceLaptop, "member", alice, "alice"), aliceLaptop),
    signStatement(revoke(aliceRoot, alice), aliceRoot),
  ]);
  for (const { jws } of [device, member, end]) foldStatement(held, { jws, by: alice.key }, met);
  // The thief of a key brings the word that ended it himself, and buries his own copy of it.
  foldStatement(held, { jws: end.jws, by: key(0) }, met);
  for (let n = 0; n < 2_000; n += 1) {
    const { jws } = await signStatement({ ...revoke(aliceRoot, alice), iat: n }, aliceRoot);
    foldStatement(held, { jws, by: key(0) }, met);
    // Strangers that one member hands on, each with a key of its own, are that one's.
    foldStatement(held, { jws, by: key(n + 1), handedBy: "mallory" }, () => undefined);
  }
  expect(Object.keys(held)).toHaveLength(3 + 2 * MAX_PER_CARRIER);
  const ring = createKeyRing(() => held, verifier);
  expect(ring.chain(alice.key, "alice")).toMatchObject({ root: aliceRoot.key, revoked: [] });
});

test("strangers with many keys push out no revocation that another stranger brought [KEYCHAIN-9]", async () => {
  const held: HeldStatements = {};
  const mine = await Promise.all([
    signStatement(certify(aliceRoot, "device", aliceLaptop, "laptop"), aliceRoot),
    signStatement(certify(aliceLaptop, "member", alice, "alice"), aliceLaptop),
    signStatement(revoke(aliceRoot, alice), aliceRoot),
  ]);
  const many = await Promise.all(
    Array.from({ length: MAX_PER_CARRIER }, (_, n) =>
      signStatement({ ...revoke(aliceRoot, alice), iat: n }, aliceRoot),
    ),
  );
  for (const { jws } of mine) foldStatement(held, { jws, by: alice.key }, () => undefined);
  for (let n = 0; n < 60; n += 1) for (const { jws } of many) foldStatement(held, { jws, by: key(n) }, () => undefined);
  expect(Object.keys(held)).toHaveLength(1_000);
  expect(Object.values(held).filter(({ by }) => by === alice.key)).toHaveLength(mine.length);
});

test("a statement keeps its turn when its event comes later, and is there once [KEYCHAIN-9]", async () => {
  const held: HeldStatements = {};
  const { jws } = await signStatement(revoke(aliceRoot, alice), aliceRoot);
  const event = { head: "{}", sig: "", body: jws };
  foldStatement(held, { jws, by: alice.key }, met);
  expect(isHeld(held, { jws, by: alice.key })).toBe(true);
  expect(isHeld(held, { jws, by: alice.key, event })).toBe(false);
  foldStatement(held, { jws, by: alice.key, event, stamp: "1-0" }, met);
  expect(Object.values(held)).toMatchObject([{ jws, event, stamp: "1-0" }]);
  expect(isHeld(held, { jws, by: alice.key, event })).toBe(true);
});
