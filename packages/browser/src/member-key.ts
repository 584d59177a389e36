// A member's key in a browser. The private half can't be exported, not even by this page; signing is asynchronous. Verifying
// others' signatures is in keys.ts, with a library that the join form doesn't need.
import { fail, type LaterSigner, ok, type Result, toBase64Url } from "@agora/protocol";

const ALGORITHM = "Ed25519";

const encoder = new TextEncoder();

/** A member's keys: the pair as the browser holds it, and the public half as others know it. */
export interface MemberKey {
  readonly key: string;
  readonly pair: CryptoKeyPair;
}

/** Creates a key that can't be exported. */
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
