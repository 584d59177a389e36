// Ed25519 in a browser. The private half is made so that nobody can read it out, this page neither; it signs after a while.
// What others signed is checked at once where the next step needs it, and beside the page's thread where much comes.
import { fail, type LaterSigner, type LaterVerifier, ok, type Result } from "@agora/protocol";
import * as ed25519 from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { fromBase64Url, toBase64Url } from "./base64url.ts";

const ALGORITHM = "Ed25519";
const MAX_KNOWN_KEYS = 1_000;

const encoder = new TextEncoder();
ed25519.hashes.sha512 = sha512;

/** A member's keys: the pair as the browser holds it, and the public half as others know it. */
export interface MemberKey {
  readonly key: string;
  readonly pair: CryptoKeyPair;
}

/** Makes a key that can't be exported. */
export async function createMemberKey(): Promise<Result<MemberKey, "no-ed25519">> {
  try {
    const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
    const bytes = await crypto.subtle.exportKey("raw", pair.publicKey);
    return ok({ key: toBase64Url(new Uint8Array(bytes)), pair });
  } catch {
    return fail("no-ed25519", "This browser cannot make Ed25519 keys: use a newer one, or `agora` in a terminal.");
  }
}

/** Signs with a member's key. */
export function createLaterSigner({ key, pair }: MemberKey): LaterSigner {
  return {
    key,
    signLater: async (text) =>
      toBase64Url(new Uint8Array(await crypto.subtle.sign(ALGORITHM, pair.privateKey, encoder.encode(text)))),
  };
}

/** Checks signatures and hashes; public keys are kept, a bounded number of them. */
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
        // As RFC 8032 says, and as the others of a room decide: not the looser rules of a blockchain.
        return ed25519.verify(fromBase64Url(sig), encoder.encode(text), fromBase64Url(key), { zip215: false });
      } catch {
        return false; // a key that is no point of the curve
      }
    },
    sha256: (text) => toBase64Url(sha256(encoder.encode(text))),
    async verifyLater(key, text, sig) {
      try {
        return await crypto.subtle.verify(ALGORITHM, await publicKey(key), fromBase64Url(sig), encoder.encode(text));
      } catch {
        return false;
      }
    },
  };
}
