// Another device of the same person: the new one makes a key and shows it as a code, a device that has the root certifies a device
// key and seals it for that code alone, and the new one opens it, once.
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
import { unlinkSync } from "node:fs";
import { join } from "node:path";
import type { KeyPair } from "@agora/ports";
import type { KeyClaims, Result } from "@agora/protocol";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { withLock } from "./lock.ts";
import { type KeyOwner, memberKeyPath } from "./member-key.ts";
import type { MemberKey } from "./member-key.ts";
import { editPerson, type PersonFile, personPath, readPerson } from "./person-keys.ts";
import { createOnce, readPrivate, replacePrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";

/** What is in the box: the device key, and what certifies it. */
interface Boxed {
  readonly origin: string;
  readonly room: string;
  readonly device: KeyPair;
  readonly name: string;
  readonly statements: readonly string[];
}

/** A device key, sealed for the one who shows a code. */
export interface SealedDevice {
  /** The sealer's X25519 key of this once, 32 bytes base64url. */
  readonly key: string;
  /** AES-256-GCM: nonce, ciphertext, tag; base64url. */
  readonly box: string;
}

type LinkCode = HomeCode | "no-root" | "bad-code" | "too-long" | "not-this-device" | "other-person" | "ended-device";

const CODE_PREFIX = "agora-device.";
const CODE = /^agora-device\.([A-Za-z0-9_-]{43})$/;
/** How long a code holds, milliseconds. */
const CODE_MS = 10 * 60_000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Statements on the root itself, and on what ended, that a new device is given at most. */
const MAX_GIVEN = 8;

/** The code by which this home asks to be linked; for ten minutes the same one. */
export function linkCode(home: Home, now: number): Result<string, HomeCode> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  const path = requestPath(home);
  const there = readRequest(path, now);
  if (!there.ok) return there;
  if (there.value !== undefined) return ok(codeOf(there.value));
  const { privateKey } = generateKeyPairSync("x25519");
  const { x, d } = privateKey.export({ format: "jwk" });
  removeRequest(path);
  const kept = createOnce(path, () => `${JSON.stringify({ v: 1, at: now, x, d })}\n`);
  return kept.ok ? ok(`${CODE_PREFIX}${x}`) : kept;
}

/** Whether a word is such a code. */
export function isLinkCode(word: string): boolean {
  return CODE.test(word);
}

/** What is needed to make one. */
interface NewDevice {
  /** What its person calls it. */
  readonly name: string;
  /** The member key here, and its name in the room. */
  readonly member: KeyPair & Pick<MemberKey, "before">;
  readonly memberName: string;
  /** How long the box may be, characters. */
  readonly maxChars: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Makes a device key of this person, certified by the root that lies here, for whoever shows the code. */
export async function sealDevice(
  home: Home,
  at: { readonly origin: string; readonly room: string },
  code: string,
  { name, member, memberName, maxChars, now }: NewDevice,
): Promise<Result<SealedDevice, LinkCode>> {
  const theirs = CODE.exec(code)?.[1];
  if (theirs === undefined) return fail("bad-code", "That is not a device's code: it begins with agora-device.");
  const text = readPrivate(personPath(home, at.origin, at.room), true);
  if (!text.ok) return text;
  const file = text.value === undefined ? undefined : readPerson(personPath(home, at.origin, at.room), text.value);
  if (file?.ok === false) return file;
  const root = file?.value.root;
  if (file === undefined || root === undefined)
    return fail("no-root", "Your root key is not on this device: type this where agora devices shows it.");
  const { createSigner, generateKeyPair } = await import("@agora/ports/keys");
  const { keyProofText, readStatement, signStatement } = await import("@agora/protocol");
  const { origin, room } = file.value;
  const device = generateKeyPair();
  const iat = Math.floor(now / 1_000);
  const claims = { act: "certify", as: "device", origin, room, by: root.key, key: device.key, name } as const;
  const certified: KeyClaims = { ...claims, iat, proof: createSigner(device).sign(keyProofText({ ...claims, iat })) };
  const { jws } = await signStatement(certified, createSigner(root));
  // A grant for the member key here admits the new device too, if that shows whose both are. [DEVICE-12]
  const by = createSigner(file.value.device);
  const own = {
    act: "certify",
    as: "member",
    origin,
    room,
    by: by.key,
    iat,
    key: member.key,
    name: memberName,
  } as const;
  const shown = await signStatement({ ...own, proof: createSigner(member).sign(keyProofText(own)) }, by);
  const others = file.value.statements;
  const ofThis = others.find((one) => {
    const claim = readStatement(one);
    return claim?.act === "certify" && claim.key === by.key;
  });
  const statements = [jws, ...(ofThis === undefined ? [] : [ofThis]), shown.jws];
  const boxed = (more: readonly string[]): string =>
    JSON.stringify({ origin, room, device, name, statements: [...statements, ...more] } satisfies Boxed);
  const given: string[] = [];
  for (const one of worthGiving(others, readStatement))
    if (boxChars(boxed([...given, one])) <= maxChars && given.length < MAX_GIVEN) given.push(one);
  const whole = boxed(given);
  if (boxChars(whole) > maxChars)
    return fail("too-long", "What you enter this room by is too long to be put into a link.");
  const kept = await editPerson(home, at, (before) => ({ ...before, statements: [...before.statements, jws] }));
  return kept.ok ? ok(seal(theirs, whole)) : kept;
}

/** What leads from one root to the next, then what ended last: the rest a new device hears in the room. */
function worthGiving(statements: readonly string[], read: (jws: string) => KeyClaims | undefined): readonly string[] {
  const acts = new Map(statements.map((jws) => [jws, read(jws)?.act]));
  const ofRoots = statements.filter((jws) => acts.get(jws) === "rotate" || acts.get(jws) === "recovery");
  return [...ofRoots, ...statements.filter((jws) => acts.get(jws) === "revoke").reverse()];
}

/** How long the box around a text is. */
function boxChars(text: string): number {
  return Math.ceil(((NONCE_BYTES + Buffer.byteLength(text) + TAG_BYTES) * 4) / 3);
}

/**
 * Opens what was sealed for this home's code, and keeps it as this person's keys in that room; the code is used up. A device that
 * was linked before keeps its keys while they count for whoever made the link.
 */
export async function openDevice(
  home: Home,
  at: KeyOwner,
  sealed: SealedDevice,
  now: number,
): Promise<Result<void, LinkCode>> {
  const path = personPath(home, at.origin, at.room);
  const folder = ensureFolder(join(home.path, "persons"));
  if (!folder.ok) return folder;
  return withLock<void, LinkCode>(path, async () => {
    const there = readPrivate(path, true);
    if (!there.ok) return there;
    const before = there.value === undefined ? undefined : readPerson(path, there.value);
    if (before?.ok === false) return before;
    if (before?.value.root !== undefined)
      return fail(
        "other-person",
        `This device has keys of a person in ${at.room} already: who it is there does not change by a link. Remove ${path} to begin anew.`,
      );
    const request = readRequest(requestPath(home), now);
    if (!request.ok) return request;
    const opened = request.value === undefined ? undefined : unseal(request.value, sealed);
    const boxed = opened?.room === at.room ? opened : undefined;
    if (before !== undefined)
      return boxed === undefined || (await countsFor(boxed, before.value))
        ? ok(undefined)
        : fail(
            "ended-device",
            `This device was linked before, and that counts no more: it was revoked, the root key was renewed, or the link is somebody else's. To link it anew, type agora stop, remove ${path} and ${memberKeyPath(home, at)}, and type agora link again.`,
          );
    if (boxed === undefined)
      return fail(
        "not-this-device",
        "This link is for another device, or this one's code is older than ten minutes: type agora link here again.",
      );
    const { origin, room, device, name, statements } = boxed;
    const text = JSON.stringify({
      v: 1,
      ...({ origin, room, at: now, device, name, statements } satisfies PersonFile),
    });
    const whole = readPerson(path, text);
    if (!whole.ok) return whole;
    const written = await replacePrivate(path, `${text}\n`);
    if (written.ok) removeRequest(requestPath(home));
    return written.ok ? ok(undefined) : written;
  });
}

/** Whether a device that was linked before counts, by what whoever made the link says of the roots and devices. */
async function countsFor(boxed: Boxed, before: PersonFile): Promise<boolean> {
  const [{ createVerifier }, { currentRoot, devicesOf, openStatement }] = await Promise.all([
    import("@agora/ports/keys"),
    import("@agora/protocol"),
  ]);
  const verifier = createVerifier();
  const claims = [...before.statements, ...boxed.statements].flatMap((jws) => {
    const opened = openStatement(jws, verifier);
    return opened.ok && opened.value.claims.room === before.room ? [opened.value.claims] : [];
  });
  const certificate = claims.find((c) => c.act === "certify" && c.as === "device" && c.key === boxed.device.key);
  if (certificate === undefined) return false;
  const root = currentRoot(claims, certificate.by, verifier);
  return devicesOf(claims, root).some(({ key }) => key === before.device.key);
}

interface Request {
  readonly x: string;
  readonly d: string;
}

function requestPath(home: Home): string {
  return join(home.path, "link-request.json");
}

function readRequest(path: string, now: number): Result<Request | undefined, HomeCode> {
  const text = readPrivate(path, true);
  if (!text.ok) return text;
  try {
    const { at, x, d } = JSON.parse(text.value ?? "{}") as { at?: unknown; x?: unknown; d?: unknown };
    const isFresh = typeof at === "number" && Math.abs(now - at) < CODE_MS;
    return ok(isFresh && typeof x === "string" && typeof d === "string" ? { x, d } : undefined);
  } catch {
    return ok(undefined);
  }
}

function removeRequest(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not there.
  }
}

function codeOf({ x }: Request): string {
  return `${CODE_PREFIX}${x}`;
}

function seal(theirs: string, text: string): SealedDevice {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const mine = publicKey.export({ format: "jwk" }).x!;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", sharedKey(privateKey, theirs, [mine, theirs]), nonce);
  const box = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return { key: mine, box: box.toString("base64url") };
}

function unseal({ x, d }: Request, { key, box }: SealedDevice): Boxed | undefined {
  try {
    const privateKey = createPrivateKey({ key: { kty: "OKP", crv: "X25519", x, d }, format: "jwk" });
    const bytes = Buffer.from(box, "base64url");
    const secret = sharedKey(privateKey, key, [key, x]);
    const decipher = createDecipheriv("aes-256-gcm", secret, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString("utf8")) as Boxed; // its shape is looked at where it is kept
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
