// Who may enter a room and in which role: by the shared token, or by a grant of the room's root key, or handed down from
// one. The relay knows only the public halves. Revoked grants are a set of ids, replaced when the file is read again.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { readText } from "@agora/ports/read-text";
import { type Clock, createSigner, type KeyPair } from "@agora/ports";
import {
  fail,
  GRANT_LEEWAY_S,
  type GrantClaims,
  type GrantFault,
  gives,
  ROOM_ROLES,
  type RoomRole,
  type Greeting,
  idsOf,
  isGrantToken,
  jwtText,
  MAY,
  ok,
  openGrant,
  type OpenGrant,
  openLobbyGrant,
  type OpenLobbyGrant,
  proofText,
  type Result,
  type Signer,
  type Verifier,
} from "@agora/protocol";

const FAULTS: Readonly<Record<GrantFault, string>> = {
  "bad-grant": "The grant is not signed by the room's root key, nor properly handed down from one that is.",
  "expired-grant": "The grant has expired.",
  "early-grant": "The grant begins years from now.",
};
const EARLY = "The grant begins later than now: a clock is wrong, the relay's or its owner's.";
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The role somebody enters with, and what may end it. */
export interface Entitlement {
  readonly role: RoomRole;
  /** A member that leads, by a grant for the whole room. [RIGHT-1] */
  readonly lead?: true;
  readonly jti?: string | undefined;
  /** Its own id and those of the grants it was handed down from: revoking one ends it. [GRANT-9] */
  readonly ids?: readonly string[] | undefined;
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

/** Who shows it. */
export interface Entrant {
  readonly name: string;
  readonly key: string;
  /** The other keys that are shown to be the same person's. Asked for late: that takes many signatures. [DEVICE-12] */
  readonly kin?: () => readonly string[];
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
  readonly #tokens: readonly { readonly role: RoomRole; readonly word: string; readonly digest: Buffer }[];
  readonly #verifier: Pick<Verifier, "verify">;
  readonly #own: Signer | undefined;
  #revoked: ReadonlySet<string> = new Set();

  constructor(settings: AccessSettings, clock: Clock, verifier: Pick<Verifier, "verify">) {
    this.#settings = settings;
    this.#clock = clock;
    this.#verifier = verifier;
    const { token, operatorToken, observerToken } = settings;
    const tokens = { member: token, operator: operatorToken, observer: observerToken };
    this.#tokens = ROOM_ROLES.flatMap((role) => {
      const word = tokens[role];
      return word === undefined ? [] : [{ role, word, digest: digest(word) }];
    });
    const { relayKey } = settings;
    this.#own = relayKey === undefined ? undefined : createSigner(relayKey);
  }

  /** Replaces the set of revoked ids. */
  revoke(ids: ReadonlySet<string>): void {
    this.#revoked = ids;
  }

  /** Whether the relay serves this room at all. */
  serves(room: string): boolean {
    return this.#settings.rooms.has(room) || (this.#tokens.length > 0 && !this.#settings.grantsOnly);
  }

  /** Whether what somebody entered with is still valid. [GRANT-4] */
  holds(entitlement: Pick<Entitlement, "ids" | "expiresS">): boolean {
    if (entitlement.ids?.some((id) => this.#revoked.has(id)) === true) return false;
    return entitlement.expiresS === undefined || this.#clock.now() / 1000 < entitlement.expiresS + GRANT_LEEWAY_S;
  }

  /** The operator's or the lead's part of an entitlement, if `grant` is one that is bound to this key. [JOIN-12] [RIGHT-1] */
  shown(room: string, grant: string, name: string, key: string): Entitlement | undefined {
    const read = this.check(room, grant, { name, key });
    if (!read.ok || read.value.key !== key) return undefined;
    const shown = entitlementOf(read.value);
    return shown.role === "operator" || shown.lead === true ? shown : undefined;
  }

  /** The role in which the bearer of a token, a proof or a grant may enter. [JOIN-2] */
  admit(room: string, shown: Credentials, who: Entrant): Result<Entitlement, "bad-token"> {
    const { token = "", proof, greeting } = shown;
    const isGrant = this.#settings.rooms.has(room) ? JWT.test(token) : this.#own !== undefined && isGrantToken(token);
    if (isGrant) {
      const read = this.check(room, token, who);
      if (!read.ok) return read;
      const { grant, lineage, channel } = read.value;
      if (channel !== undefined)
        return fail("bad-token", `The grant is for leading #${channel}, and lets nobody in: join with an invite.`); // [RIGHT-2]
      if (lineage.some(({ iat }) => iat > this.#clock.now() / 1000 + GRANT_LEEWAY_S)) return fail("bad-token", EARLY); // [GRANT-3]
      // Anybody who has seen an operator's grant that names no key could show it, so it only makes a member. [CONTROL-2]
      const isAnybodys = grant === "operator" && read.value.key === undefined;
      return ok({ ...entitlementOf(read.value), ...(isAnybodys ? { role: "member" as const } : {}) });
    }
    if (this.#settings.rooms.has(room) && this.#settings.grantsOnly)
      return fail("bad-token", "This room is entered with a grant, not with a token.");
    const isShown = proof === undefined ? isSame(digest(token)) : isProven(proof, room, greeting);
    const role = this.#tokens.find((known) => isShown(known))?.role;
    if (role === undefined) {
      const isEmpty = token === "" && proof === undefined;
      return fail("bad-token", isEmpty ? "A token is needed to join this room." : "The token is not this relay's.");
    }
    if (role === "member" || this.#settings.rooms.has(room)) return ok({ role }); // [GRANT-5]
    const grantToken = this.#give(room, role, who.name, who.key);
    // Nobody could verify the decisions of an operator without a grant.
    return ok(grantToken === undefined && role === "operator" ? { role: "member" } : { role, grantToken }); // [GRANT-6]
  }

  /** Verifies a grant for one room, name and key. [GRANT-2] [GRANT-9] [DEVICE-12] */
  check(room: string, grant: string, { name, key, kin }: Entrant): Result<OpenGrant, "bad-token"> {
    const root = this.#rootOf(room);
    if (root === undefined)
      return fail("bad-token", "This relay knows no root key for the room, so no grant counts in it.");
    const opened = openGrant(grant, root, this.#verifier, this.#clock.now());
    if (!opened.ok) return fail("bad-token", FAULTS[opened.code]);
    const claims = opened.value;
    if (claims.room !== room) return fail("bad-token", `The grant is for the room "${claims.room}".`);
    if (claims.sub !== undefined && claims.sub !== name) return fail("bad-token", "The grant is for another name.");
    const [first = claims] = claims.lineage;
    if (root === this.#own?.key && first.jti !== this.#idOf(room, first))
      return fail("bad-token", "The relay's token that the grant was given for is another now.");
    if (idsOf(claims).some((id) => this.#revoked.has(id))) return fail("bad-token", "The grant was revoked.");
    if (claims.key !== undefined && claims.key !== key && kin?.().includes(claims.key) !== true)
      return fail("bad-token", "The grant is for another key.");
    return ok(claims);
  }

  /** Verifies a grant for a room's lobby. [LOBBY-1] */
  lobby(room: string, grant: string): Result<OpenLobbyGrant, "bad-token"> {
    const nowMs = this.#clock.now();
    const opened = openLobbyGrant(grant, { root: this.#rootOf(room) ?? "", verifier: this.#verifier, nowMs });
    if (!opened.ok) return fail("bad-token", opened.code === "bad-grant" ? opened.message : FAULTS[opened.code]);
    const { room: named, iat, ids } = opened.value;
    if (named !== room) return fail("bad-token", `The invite is for the room "${named}".`);
    if (iat > nowMs / 1000 + GRANT_LEEWAY_S) return fail("bad-token", EARLY);
    return ids.some((id) => this.#revoked.has(id)) ? fail("bad-token", "The invite was revoked.") : opened;
  }

  #rootOf(room: string): string | undefined {
    return this.#settings.rooms.get(room) ?? this.#own?.key;
  }

  /** The grant that one of the relay's own tokens stands for; undefined if the relay has no key. [GRANT-6] */
  #give(room: string, grant: RoomRole, sub: string, key: string): string | undefined {
    if (this.#own === undefined) return undefined;
    const iat = Math.floor(this.#clock.now() / 1000);
    const may = grant === "operator" ? { may: MAY } : {};
    const claims = {
      jti: this.#idOf(room, { grant, key }),
      room,
      grant,
      sub,
      key,
      iat,
      exp: iat + OWN_GRANT_S,
      ...may,
    };
    const text = jwtText(claims);
    return `${text}.${this.#own.sign(text)}`;
  }

  // Derived from the token, so that changing the token in the settings ends the grants it gave.
  #idOf(room: string, { grant, key = "" }: Pick<GrantClaims, "grant" | "key">): string {
    const word = this.#tokens.find(({ role }) => role === grant)?.word ?? "";
    return createHmac("sha256", word).update(`agora-grant-v1\n${room}\n${grant}\n${key}`).digest("base64url");
  }
}

/** What somebody may by a grant that was verified. */
export function entitlementOf(grant: OpenGrant): Entitlement {
  const role = grant.grant === "lead" ? "member" : grant.grant;
  const lead = grant.grant === "lead" && gives(grant, "card") ? { lead: true as const } : {};
  return { role, ...lead, jti: grant.jti, ids: idsOf(grant), expiresS: grant.exp };
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
