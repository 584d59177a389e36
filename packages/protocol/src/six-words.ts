// Six words by which people compare a hash, by eye or by voice: 66 bits of it. [KEYCHAIN-11] [LINKING-3]
import { fromBase64Url } from "./base64url.ts";

const WORDS = 6;
const BITS_A_WORD = 11;

/**
 * The words of a hash.
 *
 * @param hash at least nine bytes, base64url
 * @param list the 2,048 English words of BIP-39
 */
export function sixWords(hash: string, list: readonly string[]): readonly string[] {
  const bits = [...fromBase64Url(hash)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: WORDS }, (_, n) => {
    const number = Number.parseInt(bits.slice(n * BITS_A_WORD, (n + 1) * BITS_A_WORD), 2);
    return list[number]!;
  });
}
