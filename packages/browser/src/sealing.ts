// What a browser keeps sealed with a key that can't be exported from it: tokens, and links.
import type { IdentityDatabase, SealedToken } from "./database.ts";

const SEALING = "token";
const ALGORITHM = "AES-GCM";
const IV_BYTES = 12;

async function sealingKey(db: IdentityDatabase): Promise<CryptoKey> {
  const known = await db.get("secrets", SEALING);
  if (known instanceof CryptoKey) return known;
  const made = await crypto.subtle.generateKey({ name: ALGORITHM, length: 256 }, false, ["encrypt", "decrypt"]);
  await db.put("secrets", made, SEALING);
  return made;
}

/** Seals a word. */
export async function seal(db: IdentityDatabase, token: string): Promise<SealedToken> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const key = await sealingKey(db);
  return { iv, bytes: await crypto.subtle.encrypt({ name: ALGORITHM, iv }, key, new TextEncoder().encode(token)) };
}

/** Opens it again; undefined when this browser can't. */
export async function unseal(db: IdentityDatabase, { iv, bytes }: SealedToken): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: ALGORITHM, iv }, await sealingKey(db), bytes));
  } catch {
    return undefined;
  }
}
