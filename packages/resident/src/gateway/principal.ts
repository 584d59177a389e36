// Who calls: a bearer token (a gateway token, or a grant of the room's root) becomes a principal, or one sentence why not.
import { type Home, verifyGrant } from "@agora/user-config";
import type { Clock, Log } from "@agora/ports";
import { fail, ok, type Result } from "@agora/protocol";
import { MAX_BEARER_CHARS } from "../limits.ts";
import { isGatewayToken, openTokenBook, type TokenBook } from "./tokens.ts";

/** A member as its credentials describe it. */
export interface Principal {
  /** Identifies the credentials, not the member: streams end with them. */
  readonly id: string;
  readonly name: string;
  readonly room: string;
  /** REST requests carry a person's own words. */
  readonly person: boolean;
  /** May read but not speak. */
  readonly observer: boolean;
  /** The grant itself, which also opens the room at the relay; unix seconds. */
  readonly grant?: { readonly jwt: string; readonly iat: number; readonly exp?: number };
}

export interface Authenticator {
  check(bearer: string): Promise<Result<Principal, "unauthorized">>;
  /** Whether credentials that were once valid still are. */
  holds(principal: Principal): boolean;
  /** Whether a grant hasn't expired, by the time of its room. */
  isInTime(room: string, grant: { readonly exp?: number }): boolean;
  /** Whether a member without a grant may still live here. */
  isKnown(name: string, room: string): boolean;
}

/** What the authenticator needs to know about a room. */
export interface AdmittingRoom {
  readonly name: string;
  /** The public half of the room's root key, if an invite told it. */
  readonly root: string | undefined;
  /**
   * The room's time, unix milliseconds: this machine's clock may be wrong, and the relay judges the same grants. [TIME-1]
   */
  readonly now: () => number;
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const NOBODY = fail(
  "unauthorized" as const,
  "The bearer is not a token of this gateway: send the one that `agora resident token` printed, or a grant of the room.",
);

/** Creates the authenticator over the home's tokens and the rooms' root keys. */
export function createAuthenticator(
  home: Home,
  rooms: readonly AdmittingRoom[],
  clock: Clock,
  log: Log,
): Authenticator {
  const book: TokenBook = openTokenBook(
    home,
    () => clock.now(),
    (message) => log.warn("gateway-tokens", { message }),
  );

  const byToken = (word: string): Result<Principal, "unauthorized"> => {
    const record = book.find(word);
    if (record === undefined) return NOBODY;
    if (!rooms.some((room) => room.name === record.room)) {
      return fail("unauthorized", "The token is for a room that this gateway is not in.");
    }
    const { id, name, room, person } = record;
    return ok({ id: `token:${id}`, name, room, person, observer: false });
  };

  const byGrant = async (jwt: string): Promise<Result<Principal, "unauthorized">> => {
    const room = rooms.find((r) => r.name === roomOf(jwt));
    if (room?.root === undefined) return NOBODY;
    const grant = await verifyGrant(room.root, jwt, room.now());
    if (!grant.ok) return fail("unauthorized", grant.message);
    const { jti, sub, key, iat, exp } = grant.value;
    if (grant.value.room !== room.name) return NOBODY;
    if (sub === undefined) return fail("unauthorized", "The grant names no member: the gateway needs one that does.");
    if (key !== undefined) {
      return fail("unauthorized", "The grant is bound to a member's own key: use one that is not at the gateway.");
    }
    return ok({
      id: `grant:${jti}`,
      name: sub,
      room: room.name,
      person: false,
      observer: grant.value.grant === "observer",
      grant: { jwt, iat, ...(exp === undefined ? {} : { exp }) },
    });
  };

  const isInTime = (name: string, { exp }: { readonly exp?: number }): boolean => {
    const room = rooms.find((r) => r.name === name);
    return exp === undefined || (room !== undefined && room.now() / 1_000 < exp);
  };

  return {
    check(bearer) {
      if (bearer.length > MAX_BEARER_CHARS) return Promise.resolve(NOBODY);
      if (isGatewayToken(bearer)) return Promise.resolve(byToken(bearer));
      return JWT.test(bearer) ? byGrant(bearer) : Promise.resolve(NOBODY);
    },
    holds({ id, room, grant }) {
      if (id.startsWith("token:")) return book.holds(id.slice("token:".length));
      return grant === undefined || isInTime(room, grant);
    },
    isInTime,
    isKnown: (name, room) => book.has(name, room),
  };
}

/** The room a grant claims to be for; that determines which key must have signed it. */
function roomOf(jwt: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split(".")[1]!, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null && "room" in claims && typeof claims.room === "string"
      ? claims.room
      : undefined;
  } catch {
    return undefined;
  }
}
