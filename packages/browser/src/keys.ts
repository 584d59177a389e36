// Ed25519 in a browser: signatures are checked synchronously where the next step depends on it, and off the page's thread
// where there are many.
import type { InviteKeys } from "@agora/member";
import { fromBase64Url, type LaterVerifier, toBase64Url } from "@agora/protocol";
import * as ed25519 from "@noble/ed25519";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";

const ALGORITHM = "Ed25519";
const MAX_KNOWN_KEYS = 1_000;

/** Keys of invites that name nobody, 32 bytes base64url each. */
export const browserInviteKeys: InviteKeys = {
  make() {
    const { secretKey, publicKey } = ed25519.keygen();
    return Promise.resolve({ key: toBase64Url(publicKey), seed: toBase64Url(secretKey) });
  },
  keyOf: (seed) => toBase64Url(ed25519.getPublicKey(fromBase64Url(seed))),
  sign: (seed, text) => Promise.resolve(toBase64Url(ed25519.sign(encoder.encode(text), fromBase64Url(seed)))),
};

const encoder = new TextEncoder();
ed25519.hashes.sha512 = sha512;

/** Verifies signatures and hashes; a bounded number of public keys is cached. */
export function createBrowserVerifier(): LaterVerifier {
  const known = new Map<string, Promise<CryptoKey>>();
  const publicKey = (key: string): Promise<CryptoKey> => {
    let object = known.get(key);
    if (object === undefined) {
      object = crypto.subtle.importKey("raw", fromBase64Url(key), ALGORITHM, false, ["verify"]);
      if (known.size >= MAX_KNOWN_KEYS) known.clear();
      known.set(key, object);
    }
    return object;
  };
  return {
    verify(key, text, sig) {
      try {
        // By RFC 8032, as the other members decide: not by the looser rules of a blockchain.
        return ed25519.verify(fromBase64Url(sig), encoder.encode(text), fromBase64Url(key), { zip215: false });
      } catch {
        return false; // the key isn't a point of the curve
      }
    },
    sha256: (text) => toBase64Url(sha256(encoder.encode(text))),
    hmac: (secret, text) => toBase64Url(hmac(sha256, encoder.encode(secret), encoder.encode(text))),
    async verifyLater(key, text, sig) {
      try {
        return await crypto.subtle.verify(ALGORITHM, await publicKey(key), fromBase64Url(sig), encoder.encode(text));
      } catch {
        return false;
      }
    },
  };
}
