// What a grant says. It is a JWT (EdDSA) signed by the room's root key, or by a key whose own grant lets it hand some down;
// verifying it takes only the public half of the root's.
import * as z from "zod/mini";
import { fromBase64Json, toBase64Json } from "./base64-json.ts";
import { isBeyondClocks } from "./control-order.ts";
import { channelSchema, isSignature, keySchema, memberSchema, roomSchema, type Verifier } from "./event.ts";
import { GRANT_LEEWAY_S, MAX_GRANT_CHARS, MAX_GRANT_DEPTH } from "./limits.ts";
import { fail, type Failure, ok, type Result } from "./result.ts";

/** What a relay calls a member: `member` speaks, `operator` also steers, `observer` only watches. */
export const ROOM_ROLES = ["member", "operator", "observer"] as const;
export type RoomRole = (typeof ROOM_ROLES)[number];

/** What a grant may make of somebody; a `lead` manages channels and the room's card, and is a member to the relay. [RIGHT-1] */
export const GRANT_ROLES = [...ROOM_ROLES, "lead"] as const;

/** What a grant may let its holder do for others: hand down grants of these roles, and turn the key of a sealed room. [GRANT-9] */
export const MAY = ["member", "observer", "lead", "epoch"] as const;

/**
 * The claims of a grant. `jti` allows revocation; `sub` binds it to a name and `key` to a key, where known. `may` lets its
 * holder hand grants down; `parent` is the grant by which this one was. [GRANT-1] [GRANT-9]
 */
export const grantClaimsSchema = z.object({
  jti: z.string().check(z.minLength(8), z.maxLength(64)),
  room: roomSchema,
  grant: z.enum(GRANT_ROLES),
  sub: z.optional(memberSchema),
  key: z.optional(keySchema),
  iat: z.int(),
  exp: z.optional(z.int()),
  /** Words that this version doesn't know entitle to nothing. */
  may: z.optional(z.array(z.string().check(z.maxLength(32))).check(z.maxLength(16))),
  parent: z.optional(z.string().check(z.maxLength(MAX_GRANT_CHARS))),
  /** The one channel that a lead's grant is for. [RIGHT-2] */
  channel: z.optional(channelSchema),
});

export type GrantClaims = z.infer<typeof grantClaimsSchema>;
export type GrantRole = GrantClaims["grant"];

const JWT = /^([\w-]{1,400})\.([\w-]+)\.([\w-]{86})$/;

/** A verified grant; its lineage begins with the one that the root signed and ends with itself. */
export type OpenGrant = GrantClaims & { readonly lineage: readonly GrantClaims[] };

/** The ids of a grant and of those it was handed down from: revoking one of them ends it. [GRANT-9] */
export function idsOf({ lineage }: Pick<OpenGrant, "lineage">): readonly string[] {
  return lineage.map(({ jti }) => jti);
}

/** Why a grant counts for nothing. */
export type GrantFault = "bad-grant" | "expired-grant" | "early-grant";

/**
 * Verifies a grant against the room's root key. Synchronous, with the verifier used for events: whether a control holds must
 * be known before the next event is looked at. Name, key and room are the caller's to compare. [GRANT-2] [GRANT-3] [GRANT-9]
 */
export function openGrant(
  jwt: string,
  root: string,
  verifier: Pick<Verifier, "verify">,
  nowMs: number,
): Result<OpenGrant, GrantFault> {
  return openHandedDown(jwt, { root, verifier, nowMs }, MAX_GRANT_DEPTH);
}

const BAD = fail("bad-grant", "This grant was not signed by the room's owner, or was changed.");
const NOT_THEIRS = fail("bad-grant", "This grant was handed down by somebody who may not give it.");

interface Judge {
  readonly root: string;
  readonly verifier: Pick<Verifier, "verify">;
  readonly nowMs: number;
}

/** The parent is verified first, so that no key is used but the root's and those the root vouches for. */
function openHandedDown(jwt: string, judge: Judge, depth: number): Result<OpenGrant, GrantFault> {
  const signed = readSigned(jwt);
  const claims = signed === undefined ? undefined : grantClaimsSchema.safeParse(signed.claims);
  if (signed === undefined || claims?.success !== true) return BAD;
  const { exp, iat, parent: above } = claims.data;
  if (above !== undefined && depth === 0) return NOT_THEIRS;
  const parent = above === undefined ? undefined : openHandedDown(above, judge, depth - 1);
  if (parent?.ok === false) return parent;
  const key = parent === undefined ? judge.root : parent.value.key;
  if (key === undefined) return NOT_THEIRS;
  if (!judge.verifier.verify(key, signed.text, signed.sig)) return BAD;
  if (parent !== undefined && !isWithin(claims.data, parent.value)) return NOT_THEIRS;
  const fault = signedFault({ iat, exp }, judge.nowMs);
  return fault ?? ok({ ...claims.data, lineage: [...(parent?.value.lineage ?? []), claims.data] });
}

/** Why a rightly signed grant counts for nothing at this time. [GRANT-3] */
export function signedFault(
  { iat, exp }: Pick<GrantClaims, "iat" | "exp">,
  nowMs: number,
): Failure<GrantFault> | undefined {
  // The verifier's clock may be slow, and an operator's decision has to hold there too. [CONTROL-15]
  if (isBeyondClocks(iat * 1_000, nowMs)) return fail("early-grant", "This grant begins years from now.");
  return exp === undefined || nowMs / 1_000 < exp + GRANT_LEEWAY_S
    ? undefined
    : fail("expired-grant", "This grant has expired.");
}

/** What a grant may be wider than its parent in: nothing. [GRANT-9] */
export function isWithin(
  { room, grant, may = [], exp, channel }: Pick<GrantClaims, "room" | "grant" | "may" | "exp" | "channel">,
  parent: Pick<GrantClaims, "room" | "may" | "exp" | "channel">,
): boolean {
  const given = parent.may ?? [];
  const isLonger = parent.exp !== undefined && (exp === undefined || exp > parent.exp);
  const isElsewhere = parent.channel !== undefined && parent.channel !== channel; // [RIGHT-2]
  const isGiven = given.includes(grant) && may.every((word) => given.includes(word));
  return room === parent.room && isGiven && !isLonger && !isElsewhere;
}

/** A JWT's parts, nothing of it verified; undefined when it is none that could be a grant. [KEY-1] */
export function readSigned(
  jwt: string,
  maxChars = MAX_GRANT_CHARS,
): { readonly text: string; readonly claims: object; readonly sig: string } | undefined {
  const [, head = "", body = "", sig = ""] = jwt.length > maxChars ? [] : (JWT.exec(jwt) ?? []);
  if (!isSignature(sig)) return undefined; // one grant has one text
  const { alg, crit } = (fromBase64Json(head) ?? {}) as { readonly alg?: unknown; readonly crit?: unknown };
  const claims = fromBase64Json(body);
  return alg !== "EdDSA" || crit !== undefined || claims === undefined
    ? undefined
    : { text: `${head}.${body}`, claims, sig };
}

/** What a JWT with these claims is signed over; the signature, base64url, follows behind another dot. */
export function jwtText(claims: object): string {
  return `${toBase64Json({ alg: "EdDSA", typ: "JWT" })}.${toBase64Json(claims)}`;
}

/** The name a token is bound to, when it is a grant that has one. Not verified: for messages, not for permissions. */
export function namedByToken(token: string): string | undefined {
  const claims = grantClaimsSchema.safeParse(readSigned(token)?.claims);
  return claims.success ? claims.data.sub : undefined;
}
