// The 24 recovery words: made and shown once, kept nowhere; with them a lost or stolen root key is renewed.
import { randomBytes } from "node:crypto";
import { renewPerson } from "@agora/user-config";
import type { DeviceResult } from "@agora/ipc";
import { createVerifier, type KeyPair, keyPairOf } from "@agora/ports";
import { fail } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";

const SEED_BYTES = 32;
const MAX_INPUT_CHARS = 1_000;
const ALONE = "The recovery words are for a terminal of your own: type this there.";

/** The words of a seed: 24 of the BIP-39 list, with a checksum in the last. */
export async function wordsOf(seed: Uint8Array): Promise<readonly string[]> {
  const [{ entropyToMnemonic }, { wordlist }] = await Promise.all([
    import("@scure/bip39"),
    import("@scure/bip39/wordlists/english.js"),
  ]);
  return entropyToMnemonic(seed, wordlist).split(" ");
}

/** The recovery key of the words; undefined when they are not 24 words that belong together. */
export async function keyOfWords(text: string): Promise<KeyPair | undefined> {
  const [{ mnemonicToEntropy }, { wordlist }] = await Promise.all([
    import("@scure/bip39"),
    import("@scure/bip39/wordlists/english.js"),
  ]);
  const words = text.trim().toLowerCase().split(/\s+/);
  try {
    const seed = mnemonicToEntropy(words.join(" "), wordlist);
    return seed.length === SEED_BYTES ? keyPairOf(Buffer.from(seed).toString("base64url")) : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a recovery key, commits the root to it and shows its words. */
export async function makeWords(around: CommandContext): Promise<Answer<{ readonly words: readonly string[] }>> {
  if (around.terminal === undefined || around.via !== "cli") return fail("not-allowed", ALONE);
  const seed = randomBytes(SEED_BYTES);
  const hash = createVerifier().sha256(keyPairOf(seed.toString("base64url")).key);
  const committed = await askDaemon(around, "device", { via: around.via, act: "commit", hash });
  if (!committed.ok) return committed;
  const words = await wordsOf(seed);
  const rows = Array.from({ length: words.length / 6 }, (_, row) => words.slice(row * 6, row * 6 + 6));
  return {
    ok: true,
    data: { words },
    lines: [
      "Write these 24 words down on paper, in this order. They are shown this once, and kept nowhere:",
      ...rows.map((row) => `  ${row.join(" ")}`),
      `Whoever has them can take your name in this room: ${around.prefix}devices recover renews your root key with them.`,
    ],
  };
}

/** Reads the words and puts a new root, on this device, in the place of the one that committed to them. */
export async function recover(around: CommandContext): Promise<Answer<DeviceResult>> {
  if (around.terminal === undefined || around.via !== "cli") return fail("not-allowed", ALONE);
  const typed = (await around.terminal.input(MAX_INPUT_CHARS)) ?? (await around.ask?.secret("Your 24 recovery words"));
  if (typed === undefined) return fail("usage", "devices recover reads the 24 words from the terminal or a pipe.");
  const recovery = await keyOfWords(typed);
  if (recovery === undefined) return fail("bad-request", "These are not the 24 recovery words that belong together.");
  const asked = await askDaemon(around, "devices", {});
  if (!asked.ok) return asked;
  const { origin, room } = asked.value;
  const renewed = await renewPerson(around.home, { origin, room }, recovery, around.now());
  if (!renewed.ok) return renewed;
  const told = await askDaemon(around, "device", { via: around.via, act: "renewed" });
  if (!told.ok) return told;
  return {
    ok: true,
    data: told.value,
    lines: [
      "your root key is renewed and lies on this device; what the old one certified elsewhere has ended",
      `  these words serve again; whoever knew you in this room sees you under the new key, if they were these words`,
    ],
  };
}
