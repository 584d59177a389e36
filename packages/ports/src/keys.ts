// Ed25519 and SHA-256 from node:crypto, in the shape of the protocol's Signer and Verifier. Keys are 32 bytes, base64url.
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";

/** A key pair as stored on disk. */
export interface KeyPair {
  /** The public half, 32 bytes base64url. */
  readonly key: string;
  /** The private seed, 32 bytes base64url. */
  readonly seed: string;
}

/** Makes a new key pair. */
export function generateKeyPair(): KeyPair {
  const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return { key: jwk.x!, seed: jwk.d! };
}

/** The key pair of a seed, 32 bytes base64url; throws when it isn't one. */
export function keyPairOf(seed: string): KeyPair {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.from(seed, "base64url")]);
  const jwk = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ format: "jwk" });
  return { key: jwk.x!, seed: jwk.d! };
}

/** Signs texts with one key pair; throws when the pair isn't one. */
export function createSigner(pair: KeyPair): { readonly key: string; sign(text: string): string } {
  const jwk = { kty: "OKP", crv: "Ed25519", x: pair.key, d: pair.seed };
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" });
  return { key: pair.key, sign: (text) => sign(null, Buffer.from(text), privateKey).toString("base64url") };
}

const MAX_CACHED_KEYS = 1_000;

/** Verifies signatures and hashes. A bounded number of public keys is kept parsed. */
export function createVerifier(): {
  verify(key: string, text: string, sig: string): boolean;
  sha256(text: string): string;
  hmac(secret: string, text: string): string;
} {
  const publicKey = parsedKeys();
  return {
    verify(key, text, sig) {
      try {
        return verify(null, Buffer.from(text), publicKey(key), bytesOf(sig));
      } catch {
        return false; // the key isn't a point of the curve, or the signature isn't one
      }
    },
    sha256: (text) => createHash("sha256").update(text, "utf8").digest("base64url"),
    hmac: (secret, text) => createHmac("sha256", secret).update(text, "utf8").digest("base64url"),
  };
}

/** Adds `verifyLater`, which checks on Node's thread pool while the event loop goes on. */
export function createLaterVerifier(): ReturnType<typeof createVerifier> & {
  verifyLater(key: string, text: string, sig: string): Promise<boolean>;
} {
  const publicKey = parsedKeys();
  return {
    ...createVerifier(),
    verifyLater: (key, text, sig) =>
      new Promise((resolve) => {
        try {
          verify(null, Buffer.from(text), publicKey(key), bytesOf(sig), (error, holds) =>
            resolve(error === null && holds),
          );
        } catch {
          resolve(false); // as above
        }
      }),
  };
}

/** The bytes of a signature in canonical form: Node's decoder would accept other spellings too. Throws for those. */
function bytesOf(sig: string): Buffer {
  const bytes = Buffer.from(sig, "base64url");
  if (bytes.toString("base64url") !== sig) throw new Error("not canonical base64url");
  return bytes;
}

function parsedKeys(): (key: string) => KeyObject {
  const parsed = new Map<string, KeyObject>();
  return (key) => {
    let object = parsed.get(key);
    if (object === undefined) {
      object = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key }, format: "jwk" });
      if (parsed.size >= MAX_CACHED_KEYS) parsed.clear();
      parsed.set(key, object);
    }
    return object;
  };
}
