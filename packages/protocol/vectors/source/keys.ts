// Statements about the keys of a person, what they amount to, and the event that carries one.
import {
  type Certify, chainOf, KEY_STATEMENT, type KeyClaims, keyProofText, type Last, type Revoke, type Rotate, signStatement,
} from "../../src/index.ts";
import { type Actor, alice, aliceLaptop, aliceNewRoot, alicePhone, aliceRecovery, aliceRoot, bob, verifier } from "./actors.ts";
import { draft, good, seal } from "./events.ts";

const ABOUT = { origin: "wss://relay.example.org", room: "lab", iat: 1_760_000_000 };
const HASH = "A".repeat(43);

/** A statement whose signer and certified key both sign. */
async function say(claims: KeyClaims, by: Actor): Promise<string> {
  return (await signStatement(claims, by)).jws;
}

/** The claims of a certificate; `key` signs that it belongs to `by`. */
export function certify(by: Actor, as: Certify["as"], key: Actor, name: string, more: Partial<Certify> = {}): Certify {
  const claims = { ...ABOUT, act: "certify", by: by.key, as, key: key.key, name, ...more } as const;
  return { ...claims, proof: key.sign(keyProofText(claims)) };
}

/** The claims of a revocation. */
export function revoke(by: Actor, key: Actor, last: readonly Last[] = []): Revoke {
  return { ...ABOUT, act: "revoke", by: by.key, key: key.key, last: [...last] };
}

/** The claims of a root's renewal. */
export function rotate(by: Actor, key: Actor, more: Partial<Rotate> = {}): Rotate {
  const claims = { ...ABOUT, act: "rotate", by: by.key, key: key.key, ...more } as const;
  return { ...claims, proof: key.sign(keyProofText(claims)) };
}

/** The claims by which a root commits to its recovery key. */
export function recovery(by: Actor, key: Actor): KeyClaims {
  return { ...ABOUT, act: "recovery", by: by.key, hash: verifier.sha256(key.key) };
}

/** Any claims as any header says, signed. */
function raw(claims: unknown, by: Actor, header: object): string {
  const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${base64url(header)}.${base64url(claims)}`;
  return `${text}.${by.sign(text)}`;
}

async function statements(): Promise<Record<string, object>> {
  const device = certify(aliceRoot, "device", aliceLaptop, "laptop");
  const fine = async (about: string, claims: KeyClaims, by: Actor): Promise<object> => ({
    about, check: "statement", seed: by.seed, jws: await say(claims, by), claims,
  });
  const bad = (about: string, jws: string): object => ({
    about, check: "statement", seed: aliceRoot.seed, jws, refused: "bad-statement",
  });
  const good = await say(device, aliceRoot);
  const head = { alg: "EdDSA", typ: "agora-key+jwt" };
  return {
    "statement/device": await fine("Alice's root certifies her laptop.", device, aliceRoot),
    "statement/member": await fine("The laptop certifies the key that she signs with.", certify(aliceLaptop, "member", alice, "alice"), aliceLaptop),
    "statement/agent": await fine("The laptop certifies the key of an agent that is a member.", certify(aliceLaptop, "agent", bob, "bob"), aliceLaptop),
    "statement/revoke": await fine(
      "Her root ends that key after its seventh message to the room.",
      revoke(aliceRoot, alice, [{ audience: "*", seq: 7, hash: HASH }]), aliceRoot,
    ),
    "statement/recovery": await fine("Her root commits to a recovery key.", recovery(aliceRoot, aliceRecovery), aliceRoot),
    "statement/rotate": await fine("The recovery key renews the root.", rotate(aliceRecovery, aliceNewRoot), aliceRecovery),
    "statement/unknown-field": { ...(await fine("An unknown claim is ignored.", device, aliceRoot)), jws: raw({ ...device, mood: "fine" }, aliceRoot, head) },
    "statement/other-signer": bad("Signed by another key than `by`.", raw(device, alicePhone, head)),
    "statement/other-algorithm": bad("Another algorithm.", raw(device, aliceRoot, { ...head, alg: "none" })),
    "statement/other-type": bad("A grant is no statement.", raw(device, aliceRoot, { ...head, typ: "JWT" })),
    "statement/crit": bad("A critical header nobody knows.", raw(device, aliceRoot, { ...head, crit: ["x"], x: 1 })),
    "statement/changed": bad("One character was changed.", `${good.slice(0, 80)}${good[80] === "A" ? "B" : "A"}${good.slice(81)}`),
    "statement/no-proof": bad("The certified key did not agree.", raw({ ...device, proof: aliceRoot.sign(keyProofText(device)) }, aliceRoot, head)),
    "statement/unknown-act": bad("An unknown act.", raw({ ...device, act: "bless" }, aliceRoot, head)),
    "statement/no-origin": bad("A claim is missing.", raw({ ...device, origin: undefined }, aliceRoot, head)),
    "statement/too-long": bad(
      "More than 2,048 bytes.", raw({ ...revoke(aliceRoot, alice), last: [{ audience: "@".repeat(2_000), seq: 1, hash: HASH }] }, aliceRoot, head),
    ),
  };
}

async function chains(): Promise<Record<string, object>> {
  const [device, member, phone, secret, renewed] = await Promise.all([
    say(certify(aliceRoot, "device", aliceLaptop, "laptop"), aliceRoot),
    say(certify(aliceLaptop, "member", alice, "alice"), aliceLaptop),
    say(certify(aliceNewRoot, "device", alicePhone, "phone"), aliceNewRoot),
    say(recovery(aliceRoot, aliceRecovery), aliceRoot),
    say(rotate(aliceRecovery, aliceNewRoot), aliceRecovery),
  ]);
  const ends = await say(revoke(aliceRoot, alice, [{ audience: "*", seq: 7, hash: HASH }]), aliceRoot);
  const whose = (about: string, all: readonly string[], more: { name?: string; room?: string } = {}): object => {
    const at = { name: "alice", room: "lab", ...more };
    const chain = chainOf(all, alice.key, at, verifier);
    const result = chain.ok ? { chain: chain.value } : { refused: chain.code };
    return { about, check: "chain", statements: all, key: alice.key, ...at, ...result };
  };
  const elsewhere = { origin: "wss://other.example.org" };
  return {
    "chain/whole": whose("Root, device, member.", [device, member]),
    "chain/any-order": whose("Their order says nothing.", [member, "no statement", device]),
    "chain/revoked": whose("The key ended.", [ends, member, device]),
    "chain/device-revoked": whose("Her laptop ended: nothing of its keys counts.", [device, member, await say(revoke(aliceRoot, aliceLaptop), aliceRoot)]),
    "chain/renewed": whose("Her root was renewed, and the laptop is not among the devices of the new one.", [device, member, phone, secret, renewed]),
    "chain/renewed-by-a-stranger": whose("A key that she did not commit to renews nothing.", [
      device, member, secret, await say(rotate(bob, aliceNewRoot), bob),
    ]),
    "chain/second-commitment": whose("A later commitment, a thief's, counts for nothing.", [
      device, member, secret, await say(recovery(aliceRoot, bob), aliceRoot), await say(rotate(bob, aliceNewRoot), bob),
    ]),
    "chain/no-device": whose("The device is nobody's.", [member]),
    "chain/other-name": whose("The certificate is for another name.", [device, member], { name: "carol" }),
    "chain/other-room": whose("The statements are of another room.", [device, member], { room: "den" }),
    "chain/other-origin": whose("A chain has one origin.", [
      device, await say(certify(aliceLaptop, "member", alice, "alice", elsewhere), aliceLaptop),
    ]),
    "chain/member-as-device": whose("A member key certifies nothing.", [
      device, await say(certify(aliceLaptop, "member", bob, "bob"), aliceLaptop), await say(certify(bob, "member", alice, "alice"), bob),
    ]),
  };
}

/** Every vector about keys. [KEYCHAIN-1] [KEYCHAIN-3] */
export async function keyVectors(): Promise<Record<string, object>> {
  const body = await say(certify(aliceLaptop, "member", alice, "alice"), aliceLaptop);
  const told = draft(alice, "keys1234567890abcdef", { kind: "key" });
  return {
    ...(await statements()),
    ...(await chains()),
    "event-key/certify": good("Alice tells the room whose her key is.", alice, seal(alice, told, body, KEY_STATEMENT)),
  };
}
