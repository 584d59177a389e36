// The event: two byte strings, head and body, encoded once by the author and never again, and a signature over the head.
// This file has the schema, signing and opening; the cryptography is passed in.
import * as z from "zod/mini";
import type { Address } from "./address.ts";
import { isId } from "./ids.ts";
import { MAX_ADDRESSES, MAX_EXT_DEPTH, MAX_HEAD_BYTES } from "./limits.ts";
import { isChannelName, isMemberName, isRoomName, isSeatName } from "./names.ts";
import { fail, ok, type Result } from "./result.ts";
import { byteLength, isLongerThan } from "./utf8.ts";

/** What the signature of an event covers in front of the head. [EVENT-3] */
export const EVENT_PREFIX = "agora-event-v1\n";

// Base64url in its one canonical form (the unused bits at the end are 0), so that a key has exactly one spelling. [KEY-1]
const BYTES_32 = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const BYTES_64 = /^[A-Za-z0-9_-]{85}[AQgw]$/;

/** Whether a text is a key in canonical form. [KEY-1] */
export function isKey(text: string): boolean {
  return BYTES_32.test(text);
}

/** Whether a text is a signature in canonical form. [KEY-1] */
export function isSignature(text: string): boolean {
  return BYTES_64.test(text);
}

export const idSchema = z.string().check(z.refine(isId));
export const keySchema = z.string().check(z.regex(BYTES_32));
export const memberSchema = z.string().check(z.refine(isMemberName));
export const roomSchema = z.string().check(z.refine(isRoomName));
export const channelSchema = z.string().check(z.refine(isChannelName));
const count = z.int().check(z.nonnegative());

const addressSchema: z.ZodMiniType<Address> = z.object({
  member: memberSchema,
  key: z.optional(keySchema),
  root: z.optional(keySchema),
  seat: z.optional(z.string().check(z.refine(isSeatName))),
  person: z.optional(z.literal(true)),
});

const hashSchema = z.string().check(z.regex(BYTES_32));

/** The numbers an author can't account for, and why, in one word. [RECORD-2] */
const gapSchema = z.object({
  from: z.int().check(z.positive()),
  to: z.int().check(z.positive()),
  why: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)),
});

/** How an event relates to another one: it answers, rejects, accepts, edits or retracts it. */
export const ABOUT = ["answers", "rejects", "accepts", "edits", "retracts"] as const;

/** The head of an event, as JSON. Unknown fields survive, because the bytes are kept. [EVENT-4] */
export const headSchema = z.object({
  v: z.literal(1),
  id: idSchema,
  room: roomSchema,
  author: memberSchema,
  key: keySchema,
  seat: z.optional(z.string().check(z.refine(isSeatName))),
  role: z.enum(["user", "agent"]),
  kind: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)),
  to: z.array(addressSchema).check(z.maxLength(MAX_ADDRESSES)),
  channel: z.optional(channelSchema),
  thread: idSchema,
  about: z.optional(z.object({ how: z.enum(ABOUT), id: idSchema })),
  chain: idSchema,
  hop: count,
  seq: z.int().check(z.positive()),
  prev: z.optional(hashSchema),
  gap: z.optional(gapSchema),
  replaces: z.optional(hashSchema),
  time: count,
  expires: z.optional(count),
  must: z.optional(z.boolean()),
  ext: z.optional(z.record(z.string(), z.unknown()).check(z.refine((ext) => isShallow(ext, MAX_EXT_DEPTH)))),
  body: z.object({
    hash: z.string().check(z.regex(BYTES_32)),
    length: count,
    media: z.string().check(z.regex(/^[\x21-\x7e ]{1,100}$/)),
  }),
});

export type Head = z.infer<typeof headSchema>;
export type Role = Head["role"];

/** An event on the wire. `body` is text; binary content is base64url, marked by `;base64` in its media type. [EVENT-1] */
export const signedSchema = z.object({
  head: z.string(),
  sig: z.string().check(z.regex(BYTES_64)),
  body: z.string(),
});

export type SignedEvent = z.infer<typeof signedSchema>;

/** An opened event: its head is parsed, and signature and hash are verified. */
export interface OpenEvent {
  readonly head: Head;
  readonly body: string;
  readonly signed: SignedEvent;
}

/** Signs with one key. `key` is the public half, 32 bytes base64url; `sign` returns 64 bytes base64url. */
export interface Signer {
  readonly key: string;
  sign(text: string): string;
}

/** Signs asynchronously, as WebCrypto does with a key that can't be exported. */
export interface LaterSigner {
  readonly key: string;
  signLater(text: string): Promise<string>;
}

/**
 * Verifies other members' signatures. `sha256` returns base64url of the hash of `text` in UTF-8; so does `hmac`
 * (HMAC-SHA256).
 */
export interface Verifier {
  verify(key: string, text: string, sig: string): boolean;
  sha256(text: string): string;
  hmac(secret: string, text: string): string;
}

/** A verifier that can also check signatures off the caller's thread. */
export interface LaterVerifier extends Verifier {
  /** Never rejects. */
  verifyLater(key: string, text: string, sig: string): Promise<boolean>;
}

/** What the author decides about an event; the rest of the head is derived. */
export type Draft = Omit<Head, "v" | "key" | "body">;

/**
 * Builds and signs an event; lone surrogates in the body become U+FFFD. With a later signer it is left unsigned:
 * `signEventLater` completes it. [EVENT-3]
 */
export function signEvent(
  draft: Draft,
  text: string,
  media: string,
  signer: Signer | LaterSigner,
  verifier: Pick<Verifier, "sha256">,
): OpenEvent {
  const body = text.toWellFormed();
  const head: Head = {
    v: 1,
    ...draft,
    key: signer.key,
    body: { hash: verifier.sha256(body), length: byteLength(body), media },
  };
  const bytes = JSON.stringify(head);
  const sig = "sign" in signer ? signer.sign(EVENT_PREFIX + bytes) : UNSIGNED;
  return { head, body, signed: { head: bytes, sig, body } };
}

/** Placeholder for a signature that is still to come. */
const UNSIGNED = "";

/** Signs an event that was built for a later signer. */
export async function signEventLater(event: OpenEvent, signer: LaterSigner): Promise<OpenEvent> {
  const sig = await signer.signLater(EVENT_PREFIX + event.signed.head);
  return { ...event, signed: { ...event.signed, sig } };
}

// A JSON value may be nested deeper than the stack of whatever serializes it again; this checks without recursion.
function isShallow(value: unknown, maxDepth: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return false;
    level = level.flatMap((v) => (typeof v === "object" && v !== null ? Object.values(v) : []));
  }
  return true;
}

/** Parses a head without checking signature or body: all that a relay looks at. [EVENT-2] [EVENT-4] */
export function readHead(text: string): Result<Head, "bad-event" | "too-big"> {
  if (isLongerThan(text, MAX_HEAD_BYTES)) return fail("too-big", `An event's head may have ${MAX_HEAD_BYTES} bytes.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail("bad-event", "The head of the event is not JSON.");
  }
  const parsed = headSchema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return fail("bad-event", `The head of the event has no good "${issue?.path.join(".") || "object"}".`);
}

/** Opens a received event: head, signature, body length and hash must all be right. [EVENT-6] */
export function openEvent(signed: SignedEvent, verifier: Verifier): Result<OpenEvent, "bad-event" | "too-big"> {
  const read = readUnsure(signed);
  if (!read.ok) return read;
  return decide(signed, read.value, verifier.verify(read.value.key, EVENT_PREFIX + signed.head, signed.sig), verifier);
}

/** Like `openEvent`, for many at once: the caller's thread goes on while the signature is checked. [EVENT-6] */
export async function openEventLater(
  signed: SignedEvent,
  verifier: LaterVerifier,
): Promise<Result<OpenEvent, "bad-event" | "too-big">> {
  const read = readUnsure(signed);
  if (!read.ok) return read;
  const holds = await verifier.verifyLater(read.value.key, EVENT_PREFIX + signed.head, signed.sig);
  return decide(signed, read.value, holds, verifier);
}

/** Parses a head whose signature hasn't been checked yet. [KEY-1] */
function readUnsure(signed: SignedEvent): Result<Head, "bad-event" | "too-big"> {
  const read = readHead(signed.head);
  // Signature and hash are over bytes, in which all lone surrogates would look alike. [EVENT-3]
  if (read.ok && (!signed.head.isWellFormed() || !signed.body.isWellFormed()))
    return fail("bad-event", `The event ${read.value.id} is not well-formed Unicode.`);
  if (read.ok && !isSignature(signed.sig))
    return fail("bad-event", `The signature of the event ${read.value.id} is not spelled in its one form.`);
  return read;
}

function decide(
  signed: SignedEvent,
  head: Head,
  isSigned: boolean,
  verifier: Pick<Verifier, "sha256">,
): Result<OpenEvent, "bad-event"> {
  if (!isSigned) return fail("bad-event", `The event ${head.id} is not signed by its key.`);
  if (head.body.length !== byteLength(signed.body) || head.body.hash !== verifier.sha256(signed.body)) {
    return fail("bad-event", `The body of the event ${head.id} is not the one that was signed.`);
  }
  return ok({ head, body: signed.body, signed });
}
