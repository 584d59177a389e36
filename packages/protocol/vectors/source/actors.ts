// The people in the examples: keys from fixed seeds, so that anybody can reproduce every signature.
import { createHash, createHmac, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { Signer, Verifier } from "../../src/index.ts";

/** A person whose key's seed is one byte, 32 times. */
export interface Actor extends Signer {
  readonly name: string;
  /** The private key, 32 bytes base64url. */
  readonly seed: string;
}

const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

function actor(name: string, byte: number): Actor {
  const seed = Buffer.alloc(32, byte);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  const key = createPublicKey(privateKey).export({ format: "jwk" }).x!;
  return {
    name,
    key,
    seed: seed.toString("base64url"),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString("base64url"),
  };
}

export const alice = actor("alice", 1);
export const bob = actor("bob", 2);
export const carol = actor("carol", 3);
/** The room's root key, which signs grants. */
export const root = actor("root", 15);
export const relay = actor("relay", 16);
/** Alice's keys that never sign events. */
export const aliceRoot = actor("alice's root", 21);
export const aliceLaptop = actor("alice's laptop", 22);
export const alicePhone = actor("alice's phone", 23);
export const aliceRecovery = actor("alice's recovery key", 24);
export const aliceNewRoot = actor("alice's new root", 25);

/** Checks signatures and hashes with node:crypto. */
export const verifier: Verifier = {
  verify(key, text, sig) {
    try {
      const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key }, format: "jwk" });
      return verify(null, Buffer.from(text), publicKey, Buffer.from(sig, "base64url"));
    } catch {
      return false;
    }
  },
  sha256: (text) => createHash("sha256").update(text, "utf8").digest("base64url"),
  hmac: (secret, text) => createHmac("sha256", secret).update(text, "utf8").digest("base64url"),
};

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JWT that somebody signs. */
export function jwtBy(by: Signer, claims: Record<string, unknown>): string {
  const signed = `${base64url({ alg: "EdDSA", typ: "JWT" })}.${base64url(claims)}`;
  return `${signed}.${by.sign(signed)}`;
}

/** A grant as the room's owner issues it. */
export function grantOf(claims: Record<string, unknown>): string {
  return jwtBy(root, claims);
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Another text that a careless decoder reads as the same bytes: one of the unused bits at the end is set. */
export function otherTextOf(text: string): string {
  return `${text.slice(0, -1)}${ALPHABET.charAt(ALPHABET.indexOf(text.at(-1)!) + 1)}`;
}
