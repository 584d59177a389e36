// Six words by which two people compare, by voice, that each has the other's root key.
import { createVerifier } from "@agora/ports";
import { sixWords, verificationText } from "@agora/protocol";

/** The words of two roots, the same in whatever order they are given. [KEYCHAIN-11] */
export async function verificationWords(root: string, other: string): Promise<readonly string[]> {
  return wordsOfHash(createVerifier().sha256(verificationText(root, other)));
}

/** The six words of a hash. */
export async function wordsOfHash(hash: string): Promise<readonly string[]> {
  const { wordlist } = await import("@scure/bip39/wordlists/english.js");
  return sixWords(hash, wordlist);
}
