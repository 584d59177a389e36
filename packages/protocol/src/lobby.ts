// The lobby: where somebody with an invite that names nobody asks one member to be let in. What such an invite says, what is
// asked by it, and how that is answered.
import * as z from "zod/mini";
import { deviceBoxSchema, newDeviceSchema } from "./device-link.ts";
import { idSchema, keySchema, memberSchema, roomSchema, type Verifier } from "./event.ts";
import { type GrantFault, isWithin, jwtText, openGrant, type OpenGrant, readSigned, signedFault } from "./grant.ts";
import {
  MAX_DEVICE_LINK_S,
  MAX_GRANT_CHARS,
  MAX_GRANT_DEPTH,
  MAX_INVITE_USES,
  MAX_LOBBY_TEXT_CHARS,
  MAX_LOBBY_WORD_CHARS,
} from "./limits.ts";
import { fail, ok, type Result } from "./result.ts";

/** The roles that somebody can be let in with. */
export const ADMITTED_ROLES = ["member", "observer"] as const;
export type AdmittedRole = (typeof ADMITTED_ROLES)[number];

/**
 * The claims of a grant for the lobby. It is not a role, so that nobody takes its holder for a member. With `claim`, the public
 * half of the invite's key, whoever proves the other half is let in while there are `uses`; without, a person decides. One that
 * gives `device` is signed by the member itself, for another device of its person. [LOBBY-1] [LOBBY-8]
 */
const lobbyClaimsSchema = z.object({
  jti: z.string().check(z.minLength(8), z.maxLength(64)),
  room: roomSchema,
  grant: z.literal("lobby"),
  gives: z.enum([...ADMITTED_ROLES, "device"]),
  claim: z.optional(keySchema),
  by: z.object({ name: memberSchema, key: keySchema }),
  uses: z.int().check(z.minimum(1), z.maximum(MAX_INVITE_USES)),
  iat: z.int(),
  exp: z.int(),
  parent: z.optional(z.string().check(z.maxLength(MAX_GRANT_CHARS))),
});

export type LobbyClaims = z.infer<typeof lobbyClaimsSchema>;

/** A verified grant for the lobby; `ids` are its own and those of the grants it was handed down from. */
export type OpenLobbyGrant = LobbyClaims & { readonly ids: readonly string[] };

/** Against what a grant is held: the room's root key, and the time in unix milliseconds. */
export interface LobbyJudge {
  readonly root: string;
  readonly verifier: Pick<Verifier, "verify">;
  readonly nowMs: number;
}

const BAD = fail("bad-grant", "This invite was not made by the room's owner or an operator, or was changed.");

/** Whether a token is a grant for the lobby, by its own word. */
export function isLobbyToken(token: string): boolean {
  const claims = readSigned(token)?.claims;
  return claims !== undefined && "grant" in claims && claims.grant === "lobby";
}

/** What somebody who may knock has in the place of a token: the grant, and the secret of its key if it has one. */
export interface LobbyTicket {
  readonly grant: string;
  readonly secret?: string;
}

const SECRET_MARK = "~";

/** The word by which an invite's reader enters: its token; with the secret of an invite that names nobody beside it. */
export function tokenOfInvite({
  token,
  secret,
}: {
  readonly token: string;
  readonly secret?: string | undefined;
}): string {
  return secret === undefined ? token : `${token}${SECRET_MARK}${secret}`;
}

/** A ticket for the lobby; undefined when the word is a token or a grant of a role. */
export function readTicket(word: string): LobbyTicket | undefined {
  const [grant = "", secret, more] = word.split(SECRET_MARK);
  if (more !== undefined || !isLobbyToken(grant)) return undefined;
  return secret === undefined ? { grant } : { grant, secret };
}

/** The id of the grant in a ticket, by its own word; undefined when the word is not a ticket. */
export function inviteOfTicket(word: string): string | undefined {
  const ticket = readTicket(word);
  const claims = lobbyClaimsSchema.safeParse(ticket === undefined ? undefined : readSigned(ticket.grant)?.claims);
  return claims.success ? claims.data.jti : undefined;
}

/** Verifies a grant for the lobby. [LOBBY-1] [GRANT-9] */
export function openLobbyGrant(jwt: string, { root, verifier, nowMs }: LobbyJudge): Result<OpenLobbyGrant, GrantFault> {
  const signed = readSigned(jwt);
  const read = signed === undefined ? undefined : lobbyClaimsSchema.safeParse(signed.claims);
  if (signed === undefined || read?.success !== true) return BAD;
  const { room, gives, exp, iat, jti, by, parent: above } = read.data;
  if (gives === "device") {
    if (!isDeviceLink(read.data) || !verifier.verify(by.key, signed.text, signed.sig)) return BAD;
    return signedFault({ iat, exp }, nowMs) ?? ok({ ...read.data, ids: [jti] });
  }
  let parent: OpenGrant | undefined;
  if (above !== undefined) {
    const opened = openGrant(above, root, verifier, nowMs);
    if (!opened.ok) return opened;
    parent = opened.value;
    if (parent.lineage.length > MAX_GRANT_DEPTH || !isWithin({ room, grant: gives, exp }, parent)) return BAD;
  }
  const key = parent === undefined ? root : parent.key;
  if (key === undefined || !verifier.verify(key, signed.text, signed.sig)) return BAD;
  const fault = signedFault({ iat, exp }, nowMs);
  if (fault !== undefined) return fault;
  return ok({ ...read.data, ids: [...(parent?.lineage ?? []).map((grant) => grant.jti), jti] });
}

/** What a grant for a device of one's own may say. [LOBBY-8] */
function isDeviceLink({ claim, uses, iat, exp, parent }: LobbyClaims): boolean {
  return claim !== undefined && uses === 1 && exp - iat <= MAX_DEVICE_LINK_S && parent === undefined;
}

export const CLAIM = "application/agora-claim+jwt";
export const JOIN_REQUEST = "application/agora-join-request+json";
export const ADMISSION = "application/agora-admission+json";

/** The kinds that cross in `knock` frames alone. [LOBBY-3] */
export const KNOCK_KINDS: readonly string[] = ["claim", "join-request"];

const claimSchema = z.object({
  /** The grant for the lobby. */
  grant: z.string().check(z.maxLength(MAX_GRANT_CHARS)),
  key: keySchema,
  name: memberSchema,
  room: roomSchema,
  origin: z.string().check(z.maxLength(300)),
  /** What another device of one's own states of itself. [LINKING-2] */
  device: z.optional(newDeviceSchema),
});

/** What a claim covers: the invite, and who asks where. [LOBBY-4] */
export type Claim = z.infer<typeof claimSchema>;

/** The text of a claim to be signed with the invite's key; the signature follows behind another dot. */
export function claimText(claim: Claim): string {
  return jwtText(claim);
}

/** Opens the body of a `claim` by the key that its own grant names; undefined when it proves nothing. [LOBBY-4] */
export function openClaim(
  body: string,
  judge: LobbyJudge,
): Result<Claim & { readonly lobby: OpenLobbyGrant }, GrantFault> {
  const signed = body.length > 2 * MAX_GRANT_CHARS ? undefined : readSigned(body, 2 * MAX_GRANT_CHARS);
  const read = signed === undefined ? undefined : claimSchema.safeParse(signed.claims);
  if (signed === undefined || read?.success !== true) return BAD;
  const lobby = openLobbyGrant(read.data.grant, judge);
  if (!lobby.ok) return lobby;
  const { claim } = lobby.value;
  if (claim === undefined || !judge.verifier.verify(claim, signed.text, signed.sig)) return BAD;
  return ok({ ...read.data, lobby: lobby.value });
}

/** The body of a `join-request`: a grant for the lobby without a key of its own, and a word to the person who decides. */
export const joinRequestSchema = z.object({
  grant: z.string().check(z.maxLength(MAX_GRANT_CHARS)),
  text: z.optional(z.string().check(z.maxLength(MAX_LOBBY_TEXT_CHARS))),
});

/** Why somebody is not let in. Unknown codes count as `refused`. [LOBBY-6] */
export const ADMISSION_CODES = ["used", "revoked", "expired", "name-taken", "refused", "no-right"] as const;

/** The body of an `admission`: what became of the claim or request `about`. [LOBBY-6] */
export const admissionSchema = z.object({
  about: idSchema,
  state: z.enum(["admitted", "waits", "refused"]),
  grant: z.optional(z.string().check(z.maxLength(MAX_GRANT_CHARS))),
  code: z.optional(z.string().check(z.maxLength(MAX_LOBBY_WORD_CHARS))),
  text: z.optional(z.string().check(z.maxLength(MAX_LOBBY_TEXT_CHARS))),
  /** For another device of one's own, in the place of a grant. [LINKING-4] */
  device: z.optional(deviceBoxSchema),
});

export type Admission = z.infer<typeof admissionSchema>;
