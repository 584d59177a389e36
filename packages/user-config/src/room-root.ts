// The root key pair of a room this user owns, and the grants it signs. Verifying takes only the public half.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { KeyPair } from "@agora/ports";
import type { GrantClaims, GrantFault, OpenGrant, Result } from "@agora/protocol";
import type { JWTPayload } from "jose";
import { crypto, hashName } from "./crypto.ts";
import { checkFolder, ensureFolder, ensureHome, type Home, type HomeCode } from "./directory.ts";
import { readKeyPair } from "./member-key.ts";
import { createOnce, readPrivate } from "./private-file.ts";
import { fail, ok } from "./result.ts";

function rootPath(home: Home, room: string): string {
  return join(home.path, "rooms", `${hashName(room)}.json`);
}

/** Creates the room's root key pair, or returns the existing one (`created` tells which). */
export async function createRoomRoot(
  home: Home,
  room: string,
): Promise<Result<KeyPair & { readonly created: boolean }, HomeCode>> {
  const made = ensureHome(home);
  if (!made.ok) return made;
  const folderMade = ensureFolder(join(home.path, "rooms"));
  if (!folderMade.ok) return folderMade;
  const { generateKeyPair } = await import("@agora/ports/keys");
  const path = rootPath(home, room);
  const own = generateKeyPair();
  const text = createOnce(path, () => `${JSON.stringify({ v: 1, room, ...own })}\n`);
  if (!text.ok) return text;
  const pair = readKeyPair(text.value);
  return pair === undefined ? noKey(path) : ok({ ...pair, created: pair.key === own.key });
}

/** The root key pair of a room created on this machine. */
export function roomRoot(home: Home, room: string): Result<KeyPair, HomeCode | "no-root"> {
  const path = rootPath(home, room);
  const there = checkFolder(home.path);
  if (!there.ok) return there;
  const text = there.value && existsSync(path) ? readPrivate(path, true) : ok(undefined);
  if (!text.ok) return text;
  if (text.value === undefined) {
    return fail(
      "no-root",
      `Room ${room} has no root key here: "agora room create ${room}" makes one, or ask its owner for an invite.`,
    );
  }
  const pair = readKeyPair(text.value);
  return pair === undefined ? noKey(path) : ok(pair);
}

function noKey(path: string): ReturnType<typeof fail<"bad-file">> {
  return fail(
    "bad-file",
    `${path} holds no key: restore it from a backup; invites signed with it can't be made without it.`,
  );
}

/** What a person decides about a grant; `jti` and `iat` are generated if omitted. */
export type GrantWish = Omit<GrantClaims, "jti" | "iat"> & Partial<Pick<GrantClaims, "jti" | "iat">>;

/** Signs a grant (JWT, EdDSA) with the room's root key. */
export async function signGrant(
  home: Home,
  wish: GrantWish,
): Promise<Result<{ readonly jwt: string; readonly claims: GrantClaims }, HomeCode | "no-root" | "bad-grant">> {
  const root = roomRoot(home, wish.room);
  if (!root.ok) return root;
  const { SignJWT } = await import("jose");
  const { grantClaimsSchema, newId } = await import("@agora/protocol");
  const filled = { ...wish, jti: wish.jti ?? newId(), iat: wish.iat ?? Math.floor(Date.now() / 1000) };
  const claims = grantClaimsSchema.safeParse(filled);
  if (!claims.success) {
    const what = claims.error.issues[0]?.path.join(".") ?? "";
    return fail("bad-grant", `The grant's "${what}" is not valid: check the room, the name and the dates.`);
  }
  const { key: x, seed: d } = root.value;
  const privateKey = crypto().createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", x, d }, format: "jwk" });
  const jwt = await new SignJWT({ ...claims.data } as JWTPayload)
    .setProtectedHeader({ alg: "EdDSA", typ: "JWT" })
    .sign(privateKey);
  return ok({ jwt, claims: claims.data });
}

/** Verifies a grant against a room's public root key at a given time (unix milliseconds), to the second. */
export async function verifyGrant(
  root: string,
  jwt: string,
  nowMs: number = Date.now(),
): Promise<Result<OpenGrant, GrantFault>> {
  const { createVerifier } = await import("@agora/ports/keys");
  const { GRANT_LEEWAY_S, openGrant } = await import("@agora/protocol");
  const opened = openGrant(jwt, root, createVerifier(), nowMs);
  if (!opened.ok && opened.code === "bad-grant")
    return fail("bad-grant", "This grant was not signed by the room's owner, or was changed: ask for a new invite.");
  const isOver = opened.ok ? (opened.value.exp ?? Infinity) <= nowMs / 1_000 : opened.code === "expired-grant";
  if (isOver) return fail("expired-grant", "This grant has expired: ask the room's owner for a new invite.");
  if (opened.ok && opened.value.iat <= nowMs / 1_000 + GRANT_LEEWAY_S) return opened;
  return fail("early-grant", "This grant begins later than now: is this machine's clock right, and its owner's?");
}
