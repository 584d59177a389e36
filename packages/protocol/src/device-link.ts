// The link by which a browser becomes another device of a person: what stands in it, what both sides hash to six words, and what
// the new device is given. It is short, so that a phone reads it as a QR code off a terminal: what can be worked out is left out.
import * as z from "zod/mini";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { keySchema, type Verifier } from "./event.ts";
import { jwtText } from "./grant.ts";
import {
  MAX_CHAIN_STATEMENTS,
  MAX_DEVICE_LINK_S,
  MAX_DEVICE_NAME_CHARS,
  MAX_GRANT_CHARS,
  MAX_STATEMENT_BYTES,
} from "./limits.ts";
import { isMemberName, isRoomName } from "./names.ts";

/** What a device states of itself when it knocks by a link. [LINKING-2] */
export const newDeviceSchema = z.object({
  /** Its device key, and that key's proof for the root in the link. [KEYCHAIN-2] */
  key: keySchema,
  proof: z.string().check(z.regex(/^[\w-]{86}$/)),
  /** Its P-256 key for the box, uncompressed. */
  box: z.string().check(z.regex(/^[\w-]{87}$/)),
  /** What it calls itself. */
  called: z.optional(z.string().check(z.maxLength(MAX_DEVICE_NAME_CHARS))),
});

export type NewDevice = z.infer<typeof newDeviceSchema>;

/** What is sealed for a new device, as it stands in an admission. [LINKING-4] */
export const deviceBoxSchema = z.object({
  key: z.string().check(z.regex(/^[\w-]{87}$/)),
  box: z.string().check(z.regex(/^[\w-]{40,120000}$/)),
});

export type DeviceBox = z.infer<typeof deviceBoxSchema>;

/** What stands in that box: by what the device enters, and what makes it its person's. [LINKING-4] */
export const givenSchema = z.object({
  token: z.string().check(z.regex(/^[\x21-\x7e]{0,4096}$/), z.maxLength(MAX_GRANT_CHARS)),
  /** The room's root key, and the relay's, as far as the first device knows them. */
  root: z.optional(keySchema),
  relayKey: z.optional(keySchema),
  statements: z
    .array(z.string().check(z.maxLength(MAX_STATEMENT_BYTES)))
    .check(z.minLength(1), z.maxLength(MAX_CHAIN_STATEMENTS)),
});

export type Given = z.infer<typeof givenSchema>;

/** What a link says. [LINKING-1] */
export interface DeviceLink {
  /** 16 bytes base64url: of them the link's own key is made. */
  readonly secret: string;
  /** When the grant begins, seconds; it holds for `MAX_DEVICE_LINK_S`. */
  readonly iat: number;
  /** The device that made it. */
  readonly by: { readonly name: string; readonly key: string };
  readonly room: string;
  /** The person's root, and where that was made. */
  readonly root: string;
  readonly origin: string;
  /** The signature of the grant's text by the key of `by`. */
  readonly sig: string;
}

const VERSION = 1;
const SECRET_BYTES = 16;
const KEY_BYTES = 32;
const SIG_BYTES = 64;
const TIME_BYTES = 4;
const FIXED_BYTES = 1 + TIME_BYTES + SECRET_BYTES + 2 * KEY_BYTES + SIG_BYTES;
const MAX_LINK_CHARS = 1_000;
const ID_CHARS = 22;

/** A new secret for one link, 128 bits. */
export function newLinkSecret(): string {
  return toBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/** The private seed of a link's own key, 32 bytes base64url. [LINKING-1] */
export function linkSeed(secret: string, { sha256 }: Pick<Verifier, "sha256">): string {
  return sha256(`agora-link-claim-v1\n${secret}`);
}

/** The id of the grant in a link, by its key. */
export function linkId(claim: string): string {
  return claim.slice(0, ID_CHARS);
}

/** The text of the grant in a link, which both sides write alike. [LINKING-1] [LOBBY-8] */
export function linkGrantText({ iat, by, room }: Pick<DeviceLink, "iat" | "by" | "room">, claim: string): string {
  const lobby = { jti: linkId(claim), room, grant: "lobby", gives: "device", claim } as const;
  return jwtText({ ...lobby, by: { name: by.name, key: by.key }, uses: 1, iat, exp: iat + MAX_DEVICE_LINK_S });
}

/** The link as one word: base64url of its bytes. [LINKING-1] */
export function encodeDeviceLink(link: DeviceLink): string {
  const time = new Uint8Array(TIME_BYTES);
  new DataView(time.buffer).setUint32(0, link.iat);
  const names = new TextEncoder().encode([link.by.name, link.room, link.origin].join("\n"));
  const keys = [link.secret, link.by.key, link.root, link.sig].map(fromBase64Url);
  return toBase64Url(Uint8Array.from([VERSION, ...time, ...keys.flatMap((bytes) => [...bytes]), ...names]));
}

/** Reads a link's word; undefined when it is none, or not whole. */
export function decodeDeviceLink(word: string): DeviceLink | undefined {
  if (word.length > MAX_LINK_CHARS) return undefined;
  try {
    const bytes = fromBase64Url(word);
    if (bytes[0] !== VERSION || bytes.length <= FIXED_BYTES) return undefined;
    let at = 1 + TIME_BYTES;
    const [secret, key, root, sig] = [SECRET_BYTES, KEY_BYTES, KEY_BYTES, SIG_BYTES].map((count) =>
      toBase64Url(bytes.slice(at, (at += count))),
    );
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.slice(at));
    const [name = "", room = "", origin = "", more] = text.split("\n");
    if (!isMemberName(name) || !isRoomName(room) || origin === "" || more !== undefined) return undefined;
    const iat = new DataView(bytes.buffer, 1, TIME_BYTES).getUint32(0);
    return { secret: secret!, iat, by: { name, key: key! }, room, root: root!, origin, sig: sig! };
  } catch {
    return undefined;
  }
}

/** What is hashed to the six words of a device that knocks by a link. [LINKING-3] */
export function linkWordsText(
  { root, by, claim }: Pick<DeviceLink, "root" | "by"> & { readonly claim: string },
  asker: { readonly member: string; readonly device: string; readonly box: string },
): string {
  return ["agora-link-words-v2", root, by.key, claim, asker.member, asker.device, asker.box].join("\n");
}
