// Who may enter a room and in which role: by the shared token, or by a grant signed with the room's root key. The relay
// knows only the public halves. Revoked grants are a set of ids, replaced when the file is read again.
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import { readText } from "@agora/ports/read-text";
import type { Clock, KeyPair } from "@agora/ports";
import {
  fail,
  GRANT_LEEWAY_S,
  GRANT_ROLES,
  type GrantClaims,
  grantClaimsSchema,
  type GrantRole,
  type Greeting,
  isBeyondClocks,
  isGrantToken,
  isSignature,
  ok,
  proofText,
  type Result,
} from "@agora/protocol";
import type { JWTPayload } from "jose";
import { SignJWT } from "jose/jwt/sign";
import { jwtVerify } from "jose/jwt/verify";

const NOT_SIGNED = "The grant is not signed by the room's root key.";
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The role somebody enters with, and what may end it. */
export interface Entitlement {
  readonly role: GrantRole;
  readonly jti?: string | undefined;
  readonly expiresS?: number | undefined;
  /** The grant the relay issues for one of its own tokens, to be shown to others. [GRANT-6] */
  readonly grantToken?: string | undefined;
}

/** What somebody shows in order to enter. */
export interface Credentials {
  readonly token: string | undefined;
  readonly proof: string | undefined;
  /** What the proof must cover. */
  readonly greeting: Greeting | undefined;
}

/** How long a grant issued by the relay is valid: every join gets a new one. */
const OWN_GRANT_S = 30 * 86_400;

/** What the relay's admin has configured about entering. */
export interface AccessSettings {
  readonly token: string | undefined;
  /** The relay's own key, which is the root of rooms without one. [GRANT-6] */
  readonly relayKey?: KeyPair | undefined;
  /** Tokens of a room without a root key: joining with one makes an operator, or an observer. */
  readonly operatorToken?: string | undefined;
  readonly observerToken?: string | undefined;
  readonly rooms: ReadonlyMap<string, string>;
  readonly grantsOnly: boolean;
}

/** Reads a file of revoked grant ids: one per line, `#` begins a comment. [GRANT-5] */
export function readRevoked(path: string): ReadonlySet<string> {
  const lines = readText(path).split("\n");
  return new Set(lines.map((line) => line.replace(/#.*/, "").trim()).filter((id) => id !== ""));
}

/** Checks tokens and grants. */
export class Grants {
  readonly #settings: AccessSettings;
  readonly #clock: Clock;
  readonly #tokens: readonly { readonly role: GrantRole; readonly word: string; readonly digest: Buffer }[];
  readonly #roots: ReadonlyMap<string, KeyObject>;
  readonly #own: { readonly root: KeyObject; readonly key: KeyObject } | undefined;
  #revoked: ReadonlySet<string> = new Set();

  constructor(settings: AccessSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    const { token, operatorToken, observerToken } = settings;
    const tokens = { member: token, operator: operatorToken, observer: observerToken };
    this.#tokens = GRANT_ROLES.flatMap((role) => {
      const word = tokens[role];
      return word === undefined ? [] : [{ role, word, digest: digest(word) }];
    });
    this.#roots = new Map([...settings.rooms].map(([room, x]) => [room, publicKeyOf(x)]));
    const { relayKey } = settings;
    if (relayKey === undefined) return;
    const jwk = { kty: "OKP", crv: "Ed25519", x: relayKey.key, d: relayKey.seed };
    this.#own = { root: publicKeyOf(relayKey.key), key: createPrivateKey({ key: jwk, format: "jwk" }) };
  }

  /** Replaces the set of revoked ids. */
  revoke(ids: ReadonlySet<string>): void {
    this.#revoked = ids;
  }

  /** Whether the relay serves this room at all. */
  serves(room: string): boolean {
    return this.#roots.has(room) || (this.#tokens.length > 0 && !this.#settings.grantsOnly);
  }

  /** Whether the entitlement somebody entered with is still valid. [GRANT-4] */
  holds(entitlement: Entitlement): boolean {
    if (entitlement.jti !== undefined && this.#revoked.has(entitlement.jti)) return false;
    return entitlement.expiresS === undefined || this.#clock.now() / 1000 < entitlement.expiresS + GRANT_LEEWAY_S;
  }

  /** The operator part of an entitlement, if `grant` is one that is bound to this key. [JOIN-12] */
  async operator(room: string, grant: string, name: string, key: string): Promise<Entitlement | undefined> {
    const read = await this.check(room, grant, name, key);
    if (!read.ok || read.value.grant !== "operator" || read.value.key !== key) return undefined;
    return { role: "operator", jti: read.value.jti, expiresS: read.value.exp };
  }

  /** The role in which the bearer of a token, a proof or a grant may enter. [JOIN-2] */
  async admit(room: string, shown: Credentials, name: string, key: string): Promise<Result<Entitlement, "bad-token">> {
    const { token = "", proof, greeting } = shown;
    const isGrant = this.#roots.has(room) ? JWT.test(token) : this.#own !== undefined && isGrantToken(token);
    if (isGrant) {
      const read = await this.check(room, token, name, key);
      if (!read.ok) return read;
      const { grant, jti, exp, iat } = read.value;
      if (iat > this.#clock.now() / 1000 + GRANT_LEEWAY_S)
        return fail("bad-token", "The grant begins later than now: a clock is wrong, the relay's or its owner's."); // [GRANT-3]
      // Anybody who has seen an operator's grant that names no key could show it, so it only makes a member. [CONTROL-2]
      return ok({ role: grant === "operator" && read.value.key === undefined ? "member" : grant, jti, expiresS: exp });
    }
    if (this.#roots.has(room) && this.#settings.grantsOnly)
      return fail("bad-token", "This room is entered with a grant, not with a token.");
    const isShown = proof === undefined ? isSame(digest(token)) : isProven(proof, room, greeting);
    const role = this.#tokens.find((known) => isShown(known))?.role;
    if (role === undefined) {
      const isEmpty = token === "" && proof === undefined;
      return fail("bad-token", isEmpty ? "A token is needed to join this room." : "The token is not this relay's.");
    }
    if (role === "member" || this.#roots.has(room)) return ok({ role }); // [GRANT-5]
    const grantToken = await this.#give(room, role, name, key);
    // Nobody could verify the decisions of an operator without a grant.
    return ok(grantToken === undefined && role === "operator" ? { role: "member" } : { role, grantToken }); // [GRANT-6]
  }

  /** Verifies a grant for one room, name and key. [GRANT-2] */
  async check(room: string, grant: string, name: string, key: string): Promise<Result<GrantClaims, "bad-token">> {
    const root = this.#rootOf(room);
    if (root === undefined)
      return fail("bad-token", "This relay knows no root key for the room, so no grant counts in it.");
    if (!isSignature(grant.split(".")[2] ?? "")) return fail("bad-token", NOT_SIGNED); // [KEY-1]
    let payload: unknown;
    try {
      const options = {
        algorithms: ["EdDSA"],
        clockTolerance: GRANT_LEEWAY_S,
        currentDate: new Date(this.#clock.now()),
      };
      ({ payload } = await jwtVerify(grant, root, options));
    } catch (error) {
      const expired = error instanceof Error && "code" in error && error.code === "ERR_JWT_EXPIRED";
      return fail("bad-token", expired ? "The grant has expired." : NOT_SIGNED);
    }
    const claims = grantClaimsSchema.safeParse(payload);
    if (!claims.success) return fail("bad-token", "The grant lacks something that a grant has to say.");
    if (claims.data.room !== room) return fail("bad-token", `The grant is for the room "${claims.data.room}".`);
    if (claims.data.sub !== undefined && claims.data.sub !== name)
      return fail("bad-token", "The grant is for another name.");
    if (claims.data.key !== undefined && claims.data.key !== key)
      return fail("bad-token", "The grant is for another key.");
    if (isBeyondClocks(claims.data.iat * 1000, this.#clock.now()))
      return fail("bad-token", "The grant begins years from now.");
    if (root === this.#own?.root && claims.data.jti !== this.#idOf(room, claims.data))
      return fail("bad-token", "The relay's token that the grant was given for is another now.");
    if (this.#revoked.has(claims.data.jti)) return fail("bad-token", "The grant was revoked.");
    return ok(claims.data);
  }

  #rootOf(room: string): KeyObject | undefined {
    return this.#roots.get(room) ?? this.#own?.root;
  }

  /** The grant that one of the relay's own tokens stands for; undefined if the relay has no key. [GRANT-6] */
  async #give(room: string, grant: GrantRole, sub: string, key: string): Promise<string | undefined> {
    if (this.#own === undefined) return undefined;
    const iat = Math.floor(this.#clock.now() / 1000);
    const claims = { room, grant, sub, key, iat, exp: iat + OWN_GRANT_S };
    const whole: JWTPayload = { jti: this.#idOf(room, claims), ...claims };
    return new SignJWT(whole).setProtectedHeader({ alg: "EdDSA", typ: "JWT" }).sign(this.#own.key);
  }

  // Derived from the token, so that changing the token in the settings ends the grants it gave.
  #idOf(room: string, { grant, key = "" }: Pick<GrantClaims, "grant" | "key">): string {
    const word = this.#tokens.find(({ role }) => role === grant)?.word ?? "";
    return createHmac("sha256", word).update(`agora-grant-v1\n${room}\n${grant}\n${key}`).digest("base64url");
  }
}

function publicKeyOf(x: string): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

type KnownToken = { readonly word: string; readonly digest: Buffer };

function isSame(given: Buffer): (known: KnownToken) => boolean {
  return (known) => timingSafeEqual(given, known.digest);
}

function isProven(proof: string, room: string, greeting: Greeting | undefined): (known: KnownToken) => boolean {
  const text = greeting === undefined ? undefined : proofText(room, greeting);
  const given = Buffer.from(proof, "base64url");
  return ({ word }) => {
    if (text === undefined) return false;
    const wanted = createHmac("sha256", word).update(text, "utf8").digest();
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
}

// Digests have equal length, so comparing them reveals nothing about the token's.
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
