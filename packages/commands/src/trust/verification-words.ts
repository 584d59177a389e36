// Six words by which two people compare, by voice, that each has the other's root key.
import { createVerifier } from "@agora/ports";
import { verificationText } from "@agora/protocol";

const WORDS = 6;
const BITS_A_WORD = 11;

/** The words of two roots, the same in whatever order they are given. [KEYCHAIN-11] */
export async function verificationWords(root: string, other: string): Promise<readonly string[]> {
  const { wordlist } = await import("@scure/bip39/wordlists/english.js");
  const digest = Buffer.from(createVerifier().sha256(verificationText(root, other)), "base64url");
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: WORDS }, (_, n) => {
    const number = Number.parseInt(bits.slice(n * BITS_A_WORD, (n + 1) * BITS_A_WORD), 2);
    return wordlist[number]!;
  });
}
