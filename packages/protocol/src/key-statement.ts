// One statement about a person's keys: a compact JWS (EdDSA, `agora-key+jwt`), signed by the key that it names in `by`. What several
// of them amount to is worked out in key-chain.ts.
import * as z from "zod/mini";
import { fromBase64Json, toBase64Json } from "./base64-json.ts";
import { isSignature, keySchema, type LaterSigner, roomSchema, type Signer, type Verifier } from "./event.ts";
import { MAX_LAST, MAX_STATEMENT_BYTES } from "./limits.ts";
import { fail, ok, type Result } from "./result.ts";

/** The body of a `key` event: one statement. */
export const KEY_STATEMENT = "application/agora-key+jwt";

/** What a certified key is for: it certifies, it signs a person's events, or those of an agent that is a member itself. */
export const CERTIFIED_AS = ["device", "member", "agent"] as const;

const about = {
  /** Where the person's root was made. */
  origin: z.string().check(z.minLength(1), z.maxLength(300)),
  room: roomSchema,
  /** The key that signs the statement. */
  by: keySchema,
  /** By the signer's clock, seconds: told, never trusted. */
  iat: z.int(),
};
const proof = z.string().check(z.refine(isSignature));

/** The last event of a key, in one audience, that whoever revokes it accepts; `hash` is that of its head. */
export const lastSchema = z.object({
  audience: z.string().check(z.minLength(1), z.maxLength(2_200)),
  seq: z.int().check(z.positive()),
  hash: keySchema,
});

/** The claims of a statement, by act. [KEYCHAIN-1] */
export const keyClaimsSchema = z.discriminatedUnion("act", [
  z.object({
    ...about,
    act: z.literal("certify"),
    as: z.enum(CERTIFIED_AS),
    key: keySchema,
    /** A device's own name for people, or the member's name in the room. */
    name: z.string().check(z.minLength(1), z.maxLength(64)),
    proof,
  }),
  z.object({
    ...about,
    act: z.literal("revoke"),
    key: keySchema,
    /** The key that took its place on the same device. [KEYCHAIN-12] */
    next: z.optional(keySchema),
    last: z.array(lastSchema).check(z.maxLength(MAX_LAST)),
  }),
  z.object({ ...about, act: z.literal("recovery"), hash: keySchema }),
  z.object({ ...about, act: z.literal("rotate"), key: keySchema, proof }),
]);

export type KeyClaims = z.infer<typeof keyClaimsSchema>;
export type Certify = Extract<KeyClaims, { act: "certify" }>;
export type Revoke = Extract<KeyClaims, { act: "revoke" }>;
export type Rotate = Extract<KeyClaims, { act: "rotate" }>;
export type Last = z.infer<typeof lastSchema>;

/** A statement whose signatures hold. */
export interface Statement {
  readonly claims: KeyClaims;
  readonly jws: string;
}

const TYP = "agora-key+jwt";
const HEAD = toBase64Json({ alg: "EdDSA", typ: TYP });
const JWS = /^([\w-]{1,200})\.([\w-]{1,1900})\.([\w-]{86})$/;

/**
 * What a key that is certified, or takes a root's place, signs to say that it belongs to the signer: otherwise anybody could
 * certify somebody else's key as its own. [KEYCHAIN-2]
 */
export function keyProofText(claims: Omit<Certify, "proof"> | Omit<Rotate, "proof">): string {
  const what = claims.act === "certify" ? claims.as : "root";
  return ["agora-key-proof-v1", claims.origin, claims.room, claims.by, what, claims.key].join("\n");
}

/** Signs a statement with the key that its claims name in `by`. Larger than `MAX_STATEMENT_BYTES` throws: bound what goes in. */
export async function signStatement(claims: KeyClaims, signer: Signer | LaterSigner): Promise<Statement> {
  const text = `${HEAD}.${toBase64Json(claims)}`;
  const sig = "sign" in signer ? signer.sign(text) : await signer.signLater(text);
  const jws = `${text}.${sig}`;
  if (signer.key !== claims.by || jws.length > MAX_STATEMENT_BYTES) throw new Error("no such statement can be signed");
  return { claims, jws };
}

/** The claims of a statement that was verified before; undefined when it is none. */
export function readStatement(jws: string): KeyClaims | undefined {
  const parsed = keyClaimsSchema.safeParse(fromBase64Json(JWS.exec(jws)?.[2] ?? ""));
  return parsed.success ? parsed.data : undefined;
}

/** Verifies one statement: its form, its signature, and the certified key's own. [KEYCHAIN-1] [KEYCHAIN-2] */
export function openStatement(jws: string, verifier: Pick<Verifier, "verify">): Result<Statement, "bad-statement"> {
  const bad = fail("bad-statement", "A statement about a key was not signed by the key that it names, or was changed.");
  const [, head = "", body = "", sig = ""] = jws.length > MAX_STATEMENT_BYTES ? [] : (JWS.exec(jws) ?? []);
  if (!isSignature(sig)) return bad; // one statement has one text [KEY-1]
  const { alg, typ, crit } = (fromBase64Json(head) ?? {}) as Readonly<Record<string, unknown>>;
  if (alg !== "EdDSA" || typ !== TYP || crit !== undefined) return bad;
  const parsed = keyClaimsSchema.safeParse(fromBase64Json(body));
  if (!parsed.success || !verifier.verify(parsed.data.by, `${head}.${body}`, sig)) return bad;
  const claims = parsed.data;
  const needsProof = claims.act === "certify" || claims.act === "rotate";
  if (needsProof && !verifier.verify(claims.key, keyProofText(claims), claims.proof)) return bad;
  return ok({ claims, jws });
}
