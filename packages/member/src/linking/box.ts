// A box for one new device: sealed for the key that it showed, by a key of this once. Both worlds have what it takes in WebCrypto,
// and the device's own half can't be read out of its browser. [LINKING-4]
import { type DeviceBox, fromBase64Url, toBase64Url } from "@agora/protocol";

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const CIPHER = "AES-GCM";
const NONCE_BYTES = 12;
const SHARED_BITS = 256;

/** The half of a key that stays where it was made. */
export type BoxPrivateKey = Awaited<ReturnType<typeof generate>>["privateKey"];

/** A device's key for boxes; `key` is what it shows, 65 bytes base64url. */
export interface BoxKey {
  readonly key: string;
  readonly privateKey: BoxPrivateKey;
}

/** What a box is bound to: the new device's member and device key. */
export interface BoxFor {
  readonly member: string;
  readonly device: string;
}

/** Makes a key for boxes that can't be exported. */
export async function createBoxKey(): Promise<BoxKey> {
  const { publicKey, privateKey } = await generate();
  const bytes = await globalThis.crypto.subtle.exportKey("raw", publicKey);
  return { key: toBase64Url(new Uint8Array(bytes)), privateKey };
}

/** Seals a text for whoever has the other half of `theirs`. Throws if that is no key. */
export async function sealBox(theirs: string, about: BoxFor, text: string): Promise<DeviceBox> {
  const mine = await createBoxKey();
  const key = await sharedKey(mine.privateKey, theirs, [mine.key, theirs, about.member, about.device]);
  const iv = globalThis.crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await globalThis.crypto.subtle.encrypt({ name: CIPHER, iv }, key, new TextEncoder().encode(text));
  return { key: mine.key, box: toBase64Url(Uint8Array.from([...iv, ...new Uint8Array(sealed)])) };
}

/** Opens a box; undefined when it is for another key, or was changed. */
export async function openBox(mine: BoxKey, about: BoxFor, { key, box }: DeviceBox): Promise<string | undefined> {
  try {
    const secret = await sharedKey(mine.privateKey, key, [key, mine.key, about.member, about.device]);
    const bytes = fromBase64Url(box);
    const iv = bytes.slice(0, NONCE_BYTES);
    const opened = await globalThis.crypto.subtle.decrypt({ name: CIPHER, iv }, secret, bytes.slice(NONCE_BYTES));
    return new TextDecoder("utf-8", { fatal: true }).decode(opened);
  } catch {
    return undefined;
  }
}

async function generate() {
  return globalThis.crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
}

async function sharedKey(mine: BoxPrivateKey, theirs: string, about: readonly string[]) {
  const { subtle } = globalThis.crypto;
  const publicKey = await subtle.importKey("raw", fromBase64Url(theirs), CURVE, false, []);
  const shared = await subtle.deriveBits({ name: CURVE.name, public: publicKey }, mine, SHARED_BITS);
  const base = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode(["agora-link-box-v1", ...about].join("\n"));
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return subtle.deriveKey(how, base, { name: CIPHER, length: SHARED_BITS }, false, ["encrypt", "decrypt"]);
}
