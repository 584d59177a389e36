// Who may enter a room and as what: by the shared token, or by a grant that the room's root key has signed. The relay knows
// the public halves alone. Revoked grants come as a set of ids, replaced when the file is read again.
import { createHash, createPublicKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { readText } from "@agora/ports/read-text";
import type { Clock } from "@agora/ports";
import {
  fail,
  GRANT_LEEWAY_S,
  GRANT_ROLES,
  type GrantClaims,
  grantClaimsSchema,
  type GrantRole,
  ok,
  type Result,
} from "@agora/protocol";
import { jwtVerify } from "jose/jwt/verify";

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** As what somebody enters, and what may end it. */
export interface Entitlement {
  readonly role: GrantRole;
  readonly jti?: string | undefined;
  readonly expiresS?: number | undefined;
  /** By a token of the relay's, not by a grant: nobody but the relay can tell. */
  readonly plain?: true;
}

/** What the operator of a relay has configured about entering. */
export interface AccessSettings {
  readonly token: string | undefined;
  /** Tokens of a room without a root key: who joins with one of them is an operator, or an observer. */
  readonly operatorToken?: string | undefined;
  readonly observerToken?: string | undefined;
  readonly rooms: ReadonlyMap<string, string>;
  readonly grantsOnly: boolean;
}

/** Reads a file of revoked grant ids: one a line, `#` begins a comment. [GRANT-5] */
export function readRevoked(path: string): ReadonlySet<string> {
  const lines = readText(path).split("\n");
  return new Set(lines.map((line) => line.replace(/#.*/, "").trim()).filter((id) => id !== ""));
}

/** Checks tokens and grants. */
export class Grants {
  readonly #settings: AccessSettings;
  readonly #clock: Clock;
  readonly #tokens: readonly { readonly role: GrantRole; readonly digest: Buffer }[];
  readonly #roots: ReadonlyMap<string, KeyObject>;
  #revoked: ReadonlySet<string> = new Set();

  constructor(settings: AccessSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    const { token, operatorToken, observerToken } = settings;
    const tokens = { member: token, operator: operatorToken, observer: observerToken };
    this.#tokens = GRANT_ROLES.flatMap((role) => {
      const word = tokens[role];
      return word === undefined ? [] : [{ role, digest: digest(word) }];
    });
    this.#roots = new Map(
      [...settings.rooms].map(([room, x]) => [
        room,
        createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }),
      ]),
    );
  }

  /** Replaces the ids that no longer count. */
  revoke(ids: ReadonlySet<string>): void {
    this.#revoked = ids;
  }

  /** Whether the relay serves this room at all. */
  serves(room: string): boolean {
    return this.#roots.has(room) || (this.#tokens.length > 0 && !this.#settings.grantsOnly);
  }

  /** Whether what somebody entered with still counts. [GRANT-4] */
  holds(entitlement: Entitlement): boolean {
    if (entitlement.jti !== undefined && this.#revoked.has(entitlement.jti)) return false;
    return entitlement.expiresS === undefined || this.#clock.now() / 1000 < entitlement.expiresS + GRANT_LEEWAY_S;
  }

  /** The operator's part of an entitlement, when `grant` is one that is bound to this key. [JOIN-12] */
  async operator(room: string, grant: string, name: string, key: string): Promise<Entitlement | undefined> {
    const read = await this.check(room, grant, name, key);
    if (!read.ok || read.value.grant !== "operator" || read.value.key !== key) return undefined;
    return { role: "operator", jti: read.value.jti, expiresS: read.value.exp };
  }

  /** As what the bearer of `token` may enter; answers at once for the shared token. [JOIN-2] */
  admit(
    room: string,
    token: string,
    name: string,
    key: string,
  ): Result<Entitlement, "bad-token"> | Promise<Result<Entitlement, "bad-token">> {
    const rooted = this.#roots.has(room);
    if (rooted && JWT.test(token)) {
      return this.check(room, token, name, key).then((read) =>
        read.ok ? ok({ role: read.value.grant, jti: read.value.jti, expiresS: read.value.exp }) : read,
      );
    }
    if (rooted && this.#settings.grantsOnly)
      return fail("bad-token", "This room is entered with a grant, not with a token.");
    const given = digest(token);
    const role = this.#tokens.find((known) => timingSafeEqual(given, known.digest))?.role;
    if (role === undefined) {
      return fail(
        "bad-token",
        token === "" ? "A token is needed to join this room." : "The token is not this relay's.",
      );
    }
    return ok(role === "member" ? { role } : { role, plain: true }); // [GRANT-5] [GRANT-6]
  }

  /** Verifies a grant for one room, name and key. [GRANT-2] */
  async check(room: string, grant: string, name: string, key: string): Promise<Result<GrantClaims, "bad-token">> {
    const root = this.#roots.get(room);
    if (root === undefined)
      return fail("bad-token", "This relay knows no root key for the room, so no grant counts in it.");
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
      return fail("bad-token", expired ? "The grant has expired." : "The grant is not signed by the room's root key.");
    }
    const claims = grantClaimsSchema.safeParse(payload);
    if (!claims.success) return fail("bad-token", "The grant lacks something that a grant has to say.");
    if (claims.data.room !== room) return fail("bad-token", `The grant is for the room "${claims.data.room}".`);
    if (claims.data.sub !== undefined && claims.data.sub !== name)
      return fail("bad-token", "The grant is for another name.");
    if (claims.data.key !== undefined && claims.data.key !== key)
      return fail("bad-token", "The grant is for another key.");
    if (this.#revoked.has(claims.data.jti)) return fail("bad-token", "The grant was revoked.");
    return ok(claims.data);
  }
}

// Digests have one length, so comparing them tells nothing about the token's.
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
