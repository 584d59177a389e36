// What a grant says. It is a JWT (EdDSA) signed by the room's root key; verifying it takes only the public half.
import * as z from "zod/mini";
import { isBeyondClocks } from "./control-order.ts";
import { isSignature, keySchema, memberSchema, roomSchema, type Verifier } from "./event.ts";
import { GRANT_LEEWAY_S, MAX_INVITE_CHARS } from "./limits.ts";
import { parseRelayAddress } from "./origin.ts";
import { fail, ok, type Result } from "./result.ts";

/** `member` speaks, `operator` also steers, `observer` only watches. */
export const GRANT_ROLES = ["member", "operator", "observer"] as const;

/** The claims of a grant. `jti` allows revocation; `sub` binds it to a name and `key` to a key, where known. [GRANT-1] */
export const grantClaimsSchema = z.object({
  jti: z.string().check(z.minLength(8), z.maxLength(64)),
  room: roomSchema,
  grant: z.enum(GRANT_ROLES),
  sub: z.optional(memberSchema),
  key: z.optional(keySchema),
  iat: z.int(),
  exp: z.optional(z.int()),
});

export type GrantClaims = z.infer<typeof grantClaimsSchema>;
export type GrantRole = GrantClaims["grant"];

const JWT = /^([\w-]{1,400})\.([\w-]{1,3500})\.([\w-]{86})$/;

/**
 * Verifies a grant against the room's root key. Synchronous, with the verifier used for events: whether a control holds must
 * be known before the next event is looked at. [GRANT-2] [GRANT-3]
 */
export function openGrant(
  jwt: string,
  root: string,
  verifier: Pick<Verifier, "verify">,
  nowMs: number,
): Result<GrantClaims, "bad-grant" | "expired-grant" | "early-grant"> {
  const bad = fail("bad-grant", "This grant was not signed by the room's owner, or was changed.");
  const [, head = "", body = "", sig = ""] = JWT.exec(jwt) ?? [];
  if (!isSignature(sig)) return bad; // one grant has one text [KEY-1]
  const { alg, crit } = (fromBase64Json(head) ?? {}) as { readonly alg?: unknown; readonly crit?: unknown };
  if (alg !== "EdDSA" || crit !== undefined || !verifier.verify(root, `${head}.${body}`, sig)) return bad;
  const claims = grantClaimsSchema.safeParse(fromBase64Json(body));
  if (!claims.success) return bad;
  const { exp, iat } = claims.data;
  // The verifier's clock may be slow, and an operator's decision has to hold there too. [CONTROL-15]
  if (isBeyondClocks(iat * 1_000, nowMs)) return fail("early-grant", "This grant begins years from now.");
  return exp === undefined || nowMs / 1_000 < exp + GRANT_LEEWAY_S
    ? ok(claims.data)
    : fail("expired-grant", "This grant has expired.");
}

/** The name a token is bound to, when it is a grant that has one. Not verified: for messages, not for permissions. */
export function namedByToken(token: string): string | undefined {
  const body = JWT.exec(token)?.[2];
  const claims = body === undefined ? undefined : grantClaimsSchema.safeParse(fromBase64Json(body));
  return claims?.success === true ? claims.data.sub : undefined;
}

function fromBase64Json(text: string): object | undefined {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (c) => c.codePointAt(0)!);
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What an invite tells a newcomer: relay, room, the room's root key if it has one, and the token or grant. */
export const inviteSchema = z.object({
  v: z.literal(1),
  relay: z.string().check(z.refine((address) => parseRelayAddress(address).ok)),
  room: roomSchema,
  root: z.optional(keySchema),
  /** The relay's own key. [PROOF-3] */
  relayKey: z.optional(keySchema),
  token: z.string().check(z.regex(/^[\x21-\x7e]{1,4096}$/)),
});

export type Invite = z.infer<typeof inviteSchema>;

const INVITE_PREFIX = "agora1.";

/** One word to paste: `agora1.` and base64url of the JSON. */
export function encodeInvite(invite: Invite): string {
  const bytes = new TextEncoder().encode(JSON.stringify(invite));
  const base64 = btoa(String.fromCodePoint(...bytes));
  return INVITE_PREFIX + base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Parses an invite; undefined when the word isn't one, isn't complete, or leads to no relay. [INVITE-1] */
export function decodeInvite(word: string): Invite | undefined {
  const text = word.trim();
  if (!text.startsWith(INVITE_PREFIX) || text.length > MAX_INVITE_CHARS) return undefined;
  try {
    const base64 = text.slice(INVITE_PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (c) => c.codePointAt(0)!);
    const parsed = inviteSchema.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
