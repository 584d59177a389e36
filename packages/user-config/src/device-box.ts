// The box in which a new device is given its key: sealed for the code that it showed, by a key of this once.
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";

/** A device key, sealed for the one who shows a code. */
export interface SealedDevice {
  /** The sealer's X25519 key of this once, 32 bytes base64url. */
  readonly key: string;
  /** AES-256-GCM: nonce, ciphertext, tag; base64url. */
  readonly box: string;
}

/** The X25519 key behind a code: its public half, which the code shows, and the secret one. */
export interface CodeKey {
  readonly x: string;
  readonly d: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** How long the box around a text is. */
export function boxChars(text: string): number {
  return Math.ceil(((NONCE_BYTES + Buffer.byteLength(text) + TAG_BYTES) * 4) / 3);
}

/** Seals a text for whoever has the other half of `theirs`. */
export function sealFor(theirs: string, text: string): SealedDevice {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const mine = publicKey.export({ format: "jwk" }).x!;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", sharedKey(privateKey, theirs, [mine, theirs]), nonce);
  const box = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { key: mine, box: box.toString("base64url") };
}

/** What was sealed for this key, as JSON whose shape nobody has looked at; undefined when it is for another one, or was changed. */
export function unsealWith({ x, d }: CodeKey, { key, box }: SealedDevice): unknown {
  try {
    const privateKey = createPrivateKey({ key: { kty: "OKP", crv: "X25519", x, d }, format: "jwk" });
    const bytes = Buffer.from(box, "base64url");
    const secret = sharedKey(privateKey, key, [key, x]);
    const decipher = createDecipheriv("aes-256-gcm", secret, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** Both keys go in: a box is for this code, and by this sealer. */
function sharedKey(mine: KeyObject, theirs: string, keys: readonly string[]): Buffer {
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "X25519", x: theirs }, format: "jwk" });
  const secret = diffieHellman({ privateKey: mine, publicKey });
  return Buffer.from(hkdfSync("sha256", secret, "", ["agora-link-v1", ...keys].join("\n"), 32));
}
