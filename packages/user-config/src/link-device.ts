// Another device of the same person: the new one makes a key and shows it as a code, a device that has the root certifies a device
// key and seals it for that code alone, and the new one opens it, once.
import { generateKeyPairSync } from "node:crypto";
import { renameSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { KeyPair } from "@agora/ports";
import type { KeyClaims, Result } from "@agora/protocol";
import { boxChars, type CodeKey, sealFor, type SealedDevice, unsealWith } from "./device-box.ts";
import { ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { diskFailure, errorWord } from "./disk-failure.ts";
import { withLock } from "./lock.ts";
import { type KeyOwner, type MemberKey, memberKeyPath } from "./member-key.ts";
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

type LinkCode = HomeCode | "no-root" | "bad-code" | "too-long" | "not-this-device" | "other-person" | "ended-device";

const CODE_PREFIX = "agora-device.";
const CODE = /^agora-device\.([A-Za-z0-9_-]{43})$/;
/** How long a code holds, milliseconds. */
const CODE_MS = 10 * 60_000;
/** Statements on the root itself, and on what ended, that a new device is given at most. */
const MAX_GIVEN = 8;
/** What the names of a device's ended keys end in. */
const ASIDE = ".ended";

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
  return kept.ok ? ok(sealFor(theirs, whole)) : kept;
}

/** What leads from one root to the next, then what ended last: the rest a new device hears in the room. */
function worthGiving(statements: readonly string[], read: (jws: string) => KeyClaims | undefined): readonly string[] {
  const acts = new Map(statements.map((jws) => [jws, read(jws)?.act]));
  const ofRoots = statements.filter((jws) => acts.get(jws) === "rotate" || acts.get(jws) === "recovery");
  return [...ofRoots, ...statements.filter((jws) => acts.get(jws) === "revoke").reverse()];
}

/** What became of a link that was opened. */
export interface Opened {
  /** Where the keys lie that this device had before and that had ended, if it had any. */
  readonly aside: readonly string[];
}

const NOTHING_ASIDE: Opened = { aside: [] };

/**
 * Opens what was sealed for this home's code, and keeps it as this person's keys in that room; the code is used up. A device that
 * was linked before keeps its keys while they count for whoever made the link; when the same person has ended them, they are set aside.
 */
export async function openDevice(
  home: Home,
  at: KeyOwner,
  sealed: SealedDevice,
  now: number,
): Promise<Result<Opened, LinkCode>> {
  const path = personPath(home, at.origin, at.room);
  const folder = ensureFolder(join(home.path, "persons"));
  if (!folder.ok) return folder;
  return withLock<Opened, LinkCode>(path, async () => {
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
    const opened = request.value === undefined ? undefined : (unsealWith(request.value, sealed) as Boxed | undefined);
    const boxed = opened?.room === at.room ? opened : undefined;
    const standing = before === undefined || boxed === undefined ? "counts" : await standingFor(boxed, before.value);
    if (before !== undefined && standing === "counts") return ok(NOTHING_ASIDE);
    if (standing === "other")
      return fail(
        "ended-device",
        `This device was linked before, and not by whoever made this link, as far as it can tell: the root key was renewed, or the link is somebody else's. If it is yours, type agora stop, remove ${path} and ${memberKeyPath(home, at)}, and type agora link again.`,
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
    const aside = there.value === undefined ? ok(NOTHING_ASIDE) : await setAside(path, there.value, home, at);
    if (!aside.ok) return aside;
    const written = await replacePrivate(path, `${text}\n`);
    if (!written.ok) return written;
    removeRequest(requestPath(home));
    return aside;
  });
}

/**
 * Puts a device's ended keys beside their places. The member's key goes first: who died here finds a device that has ended still, and
 * sets aside what is left of it.
 */
async function setAside(path: string, person: string, home: Home, at: KeyOwner): Promise<Result<Opened, HomeCode>> {
  const kept = await replacePrivate(`${path}${ASIDE}`, person);
  if (!kept.ok) return kept;
  const key = memberKeyPath(home, at);
  try {
    renameSync(key, `${key}${ASIDE}`);
  } catch (error) {
    if (errorWord(error) !== "ENOENT") return diskFailure(key, error);
  }
  return ok({ aside: [path, key].map((one) => `${one}${ASIDE}`) });
}

/**
 * What a device that was linked before is to whoever made a link, by what that one says of roots and devices: it counts, the same
 * person has ended it, or it is another person's.
 */
async function standingFor(boxed: Boxed, before: PersonFile): Promise<"counts" | "ended" | "other"> {
  const [{ createVerifier }, { currentRoot, devicesOf, openStatement }] = await Promise.all([
    import("@agora/ports/keys"),
    import("@agora/protocol"),
  ]);
  const verifier = createVerifier();
  const claims = [...before.statements, ...boxed.statements].flatMap((jws) => {
    const opened = openStatement(jws, verifier);
    return opened.ok && opened.value.claims.room === before.room ? [opened.value.claims] : [];
  });
  const rootOf = (device: string): string | undefined => {
    const certificate = claims.find((c) => c.act === "certify" && c.as === "device" && c.key === device);
    return certificate === undefined ? undefined : currentRoot(claims, certificate.by, verifier);
  };
  const root = rootOf(boxed.device.key);
  if (root === undefined) return "other";
  if (devicesOf(claims, root).some(({ key }) => key === before.device.key)) return "counts";
  return rootOf(before.device.key) === root ? "ended" : "other";
}

function requestPath(home: Home): string {
  return join(home.path, "link-request.json");
}

function readRequest(path: string, now: number): Result<CodeKey | undefined, HomeCode> {
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

function codeOf({ x }: CodeKey): string {
  return `${CODE_PREFIX}${x}`;
}
