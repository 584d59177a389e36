import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Actor,
  alice,
  aliceLaptop,
  aliceNewRoot,
  alicePhone,
  aliceRecovery,
  aliceRoot,
  bob,
  carol,
  verifier,
} from "../vectors/source/actors.ts";
import { certify, recovery, revoke, rotate } from "../vectors/source/keys.ts";
import { chainOf, currentRoot, devicesOf, isAccepted, openStatements, readChain } from "./key-chain.ts";
import { type KeyClaims, type Last, openStatement, signStatement } from "./key-statement.ts";
import { MAX_CHAIN_STATEMENTS, MAX_DEVICES, MAX_STATEMENT_BYTES } from "./limits.ts";

const HASH = "A".repeat(43);
const laptop = certify(aliceRoot, "device", aliceLaptop, "laptop");
const phone = certify(aliceRoot, "device", alicePhone, "phone");
const onLaptop = certify(aliceLaptop, "member", alice, "alice");
const chain = (claims: readonly KeyClaims[], key: Actor = alice, name = "alice", pinned?: string): unknown =>
  readChain(claims, key.key, name, verifier, pinned);
const at = (seq: number, hash = HASH, audience = "*"): Last => ({ audience, seq, hash });

test("a chain is the same in whatever order its statements come, twice or once [KEYCHAIN-3] [KEYCHAIN-4]", () => {
  const claims = [
    laptop,
    phone,
    onLaptop,
    certify(alicePhone, "member", carol, "alice"),
    recovery(aliceRoot, aliceRecovery),
    rotate(aliceRecovery, aliceNewRoot),
    certify(aliceNewRoot, "device", alicePhone, "phone"),
    revoke(aliceNewRoot, alice, [at(7), at(3, HASH, "@bob")]),
    revoke(aliceNewRoot, alice, [at(5), at(9, HASH, "@bob")]),
    revoke(alicePhone, carol, [at(2)]),
  ];
  const both = (all: readonly KeyClaims[]): unknown => [chain(all), chain(all, carol)];
  const expected = both(claims);
  expect(expected).toMatchObject([
    { value: { root: aliceNewRoot.key, revoked: [at(5), at(3, HASH, "@bob")] } },
    { value: { root: aliceNewRoot.key, device: alicePhone.key, revoked: [at(2)] } },
  ]);
  fc.assert(
    fc.property(fc.shuffledSubarray(claims, { minLength: claims.length }), (all) => {
      expect(both([...all, ...all.slice(0, 3)])).toEqual(expected);
    }),
  );
});

test("of a revoked key what is not behind the last accepted event counts, and nothing elsewhere [KEYCHAIN-4]", () => {
  const revoked = [at(7)];
  expect([1, 6, 7].map((seq) => isAccepted(revoked, at(seq)))).toEqual([true, true, true]);
  expect(isAccepted(revoked, at(8))).toBe(false);
  expect(isAccepted(revoked, at(7, `B${HASH.slice(1)}`))).toBe(false);
  expect(isAccepted(revoked, at(1, HASH, "#build"))).toBe(false);
});

test("who may revoke: the root, and a device its own keys, but not once it is revoked itself [KEYCHAIN-4]", () => {
  const onPhone = certify(alicePhone, "member", carol, "alice");
  const all = [laptop, phone, onLaptop, onPhone];
  const whole = chain(all);
  for (const stranger of [bob, alicePhone, carol, alice])
    expect(chain([...all, revoke(stranger, alice)])).toEqual(whole);
  expect(chain([...all, revoke(aliceLaptop, alice, [at(2)])])).toMatchObject({ value: { revoked: [at(2)] } });
  // A thief's device can't make less of what the root accepts of it.
  const stolen = [...all, revoke(aliceRoot, aliceLaptop), revoke(aliceRoot, alice, [at(4)])];
  expect(chain([...stolen, revoke(aliceLaptop, alice)])).toMatchObject({ value: { revoked: [at(4)] } });
  // Nor can it certify a new key.
  expect(chain([...stolen, certify(aliceLaptop, "member", bob, "alice")], bob)).toMatchObject({
    value: { revoked: [] },
  });
});

test("the recovery key renews the root, and the old root's word ends with that [KEYCHAIN-5]", () => {
  const committed = [laptop, phone, onLaptop, recovery(aliceRoot, aliceRecovery)];
  const renewed = [
    ...committed,
    rotate(aliceRecovery, aliceNewRoot),
    certify(aliceNewRoot, "device", alicePhone, "phone"),
    certify(alicePhone, "member", carol, "alice"),
  ];
  expect(currentRoot(renewed, aliceRoot.key, verifier)).toBe(aliceNewRoot.key);
  expect(chain(renewed, carol, "alice", aliceRoot.key)).toMatchObject({ value: { root: aliceNewRoot.key } });
  expect(chain(renewed)).toMatchObject({ value: { root: aliceNewRoot.key, revoked: [] } });
  // The thief of the old root can end nothing, and commit to nothing.
  const thief = [...renewed, revoke(aliceRoot, alicePhone), revoke(aliceRoot, carol), recovery(aliceRoot, bob)];
  expect(chain([...thief, rotate(bob, bob)], carol)).toEqual(chain(renewed, carol));
  // The words serve again, until the new root has others.
  const again = rotate(aliceRecovery, carol, { iat: 1_760_000_001 });
  expect(currentRoot([...renewed, again], aliceRoot.key, verifier)).toBe(carol.key);
  expect(currentRoot([...renewed, recovery(aliceNewRoot, bob), again], aliceRoot.key, verifier)).toBe(aliceNewRoot.key);
  // Two that renew each other come to an end.
  const circle = [...renewed, again, rotate(aliceRecovery, aliceRoot, { iat: 1_760_000_002 })];
  expect(currentRoot(circle, aliceRoot.key, verifier)).toBe(aliceRoot.key);
  expect(currentRoot(circle, aliceNewRoot.key, verifier)).toBe(aliceRoot.key);
});

test("a name that is known by a root has no chain to another one [KEYCHAIN-3]", () => {
  const other = [certify(bob, "device", aliceLaptop, "laptop"), onLaptop];
  expect(chain(other)).toMatchObject({ value: { root: bob.key } });
  expect(chain(other, alice, "alice", aliceRoot.key)).toMatchObject({ code: "no-chain" });
  expect(chain([...other, laptop], alice, "alice", aliceRoot.key)).toMatchObject({ value: { root: aliceRoot.key } });
});

test("eight devices count at a time, each by its newest name [KEYCHAIN-6]", () => {
  const key = (n: number): Actor => ({ ...bob, key: `${String(n).padStart(2, "0")}${HASH.slice(2)}` });
  const iat = (n: number): number => 1_760_000_000 + n;
  const many = Array.from({ length: 20 }, (_, n) => certify(aliceRoot, "device", key(n), `d${n}`, { iat: iat(n) }));
  const names = (claims: readonly KeyClaims[]): string[] => devicesOf(claims, aliceRoot.key).map(({ name }) => name);
  expect(names(many.toReversed())).toEqual(Array.from({ length: MAX_DEVICES }, (_, n) => `d${n}`));
  const renamed = certify(aliceRoot, "device", key(1), "desk", { iat: iat(100) });
  expect(names([renamed, ...many, revoke(aliceRoot, key(0))])).toEqual("desk d2 d3 d4 d5 d6 d7 d8".split(" "));
});

test("what is too much is not read, and nothing throws [KEYCHAIN-1] [KEYCHAIN-6]", async () => {
  const { jws } = await signStatement(laptop, aliceRoot);
  const member = await signStatement(onLaptop, aliceLaptop);
  const noise = Array.from({ length: MAX_CHAIN_STATEMENTS - 1 }, (_, n) => `noise${n}`);
  const where = { room: "lab", name: "alice" };
  expect(chainOf([member.jws, ...noise, jws], alice.key, where, verifier).ok).toBe(false);
  expect(openStatements([jws, jws], "lab", verifier)).toHaveLength(1);
  expect(openStatement(`${jws}${"A".repeat(50_000_000)}`, verifier).ok).toBe(false);
  await expect(signStatement(laptop, alice)).rejects.toThrow("no such statement");
  const long = revoke(aliceRoot, alice, [at(1, HASH, "@".repeat(MAX_STATEMENT_BYTES))]);
  await expect(signStatement(long, aliceRoot)).rejects.toThrow("no such statement");
  fc.assert(
    fc.property(fc.nat(jws.length - 1), fc.constantFrom("A", "z", ".", "-", "é", ""), (n, c) => {
      const changed = `${jws.slice(0, n)}${c}${jws.slice(n + 1)}`;
      expect(openStatement(changed, verifier).ok).toBe(changed === jws);
    }),
  );
});

test("what many state is walked through once, however it hangs together [KEYCHAIN-9]", () => {
  const many = 60;
  const all: KeyClaims[] = [];
  const key = (what: string, n: number): Actor => ({ ...bob, key: `${what}${n}`.padEnd(43, "A") });
  for (let n = 0; n < many; n += 1)
    all.push(
      certify(key("root", n), "device", aliceLaptop, "laptop"),
      recovery(key("root", n), aliceRecovery),
      certify(aliceLaptop, "member", key("member", n), `alice${n}`),
      rotate(aliceRecovery, key("renewed", n)),
    );
  let [looked, hashed] = [0, 0];
  const claims = all.map((claim) => ({
    ...claim,
    get act() {
      looked += 1;
      return claim.act;
    },
  })) as readonly KeyClaims[];
  const counting = { sha256: (text: string) => ((hashed += 1), verifier.sha256(text)) };
  for (let n = 0; n < many; n += 1) readChain(claims, key("member", n).key, `alice${n}`, counting);
  expect(looked).toBeLessThanOrEqual(10 * all.length);
  expect(hashed).toBeLessThanOrEqual(many);
});
