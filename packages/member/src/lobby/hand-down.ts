// Signing grants for others: by the room's root key where its owner is, else by this member's key and the grant that lets it.
import {
  type AdmittedRole,
  fail,
  type GrantRole,
  jwtText,
  type LobbyClaims,
  MAX_GRANT_DEPTH,
  newId,
  ok,
  openGrant,
  type OpenGrant,
  type GrantClaims,
  type Result,
} from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";

/** What is given; id, room and beginning are added, and the end is no later than the giver's own. */
export type Given = Omit<GrantClaims, "jti" | "iat" | "room" | "parent"> & Partial<Pick<GrantClaims, "jti" | "iat">>;
export type GivenLobby = Omit<LobbyClaims, "jti" | "iat" | "room" | "parent" | "grant" | "gives"> & {
  readonly gives: AdmittedRole;
};

/** A signed grant. */
export interface Signed {
  readonly jwt: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp?: number;
}

export interface HandDown {
  /** Whether this member may give others this role. */
  mayGive(role: GrantRole): boolean;
  /** Signs a grant of a role. [GRANT-9] */
  grant(given: Given): Promise<Result<Signed, "not-allowed">>;
  /** Signs a grant for the lobby. [LOBBY-1] */
  lobby(given: GivenLobby): Promise<Result<Signed, "not-allowed">>;
}

interface Giver {
  readonly parent?: string;
  readonly exp?: number | undefined;
  sign(text: string): Promise<string> | string;
}

const NOBODY = fail(
  "not-allowed",
  "Only the room's owner, operators and leads can invite and admit: ask one of them, or have the owner make you one (`agora grant NAME lead`).",
);

/** Creates the signer; `operatorGrant` is the grant by which this member is an operator. */
export function createHandDown(kernel: Kernel, operatorGrant: () => string | undefined): HandDown {
  const { options, store, settings, verifier, me, myKey, room, roomTime } = kernel;
  const opened = (jwt: string | undefined): OpenGrant | undefined => {
    const root = kernel.root();
    if (jwt === undefined || root === undefined) return undefined;
    const grant = openGrant(jwt, root, verifier, roomTime.now());
    const isMine = grant.ok && grant.value.key === myKey && grant.value.room === room;
    return isMine && (grant.value.sub ?? me) === me && grant.value.lineage.length <= MAX_GRANT_DEPTH
      ? grant.value
      : undefined;
  };
  const byMyKey = (text: string): Promise<string> | string =>
    "sign" in options.signer ? options.signer.sign(text) : options.signer.signLater(text);
  const giverOf = (role: GrantRole): Giver | undefined => {
    const { owner } = options;
    if (owner !== undefined) return { sign: (text) => owner.signer.sign(text) };
    for (const parent of [operatorGrant(), store.state.leads[""]?.jwt, store.state.lent, settings.token]) {
      const grant = opened(parent);
      if (parent !== undefined && grant?.may?.includes(role) === true) return { parent, exp: grant.exp, sign: byMyKey };
    }
    return undefined;
  };
  const sign = async (
    role: GrantRole,
    claims: { readonly exp?: number | undefined; readonly [claim: string]: unknown },
  ): Promise<Result<Signed, "not-allowed">> => {
    const giver = giverOf(role);
    if (giver === undefined) return NOBODY;
    const { parent, exp: mine = Infinity } = giver;
    const exp = Math.min(claims.exp ?? Infinity, mine);
    const times = { jti: newId(), iat: Math.floor(roomTime.now() / 1_000) };
    const whole = {
      ...times,
      ...claims,
      room,
      ...(exp === Infinity ? {} : { exp }),
      ...(parent === undefined ? {} : { parent }),
    };
    const text = jwtText(whole);
    const { jti, iat } = whole;
    return ok({ jwt: `${text}.${await giver.sign(text)}`, jti, iat, ...(exp === Infinity ? {} : { exp }) });
  };
  return {
    mayGive: (role) => giverOf(role) !== undefined,
    grant: (given) => sign(given.grant, given),
    lobby: (given) => sign(given.gives, { ...given, grant: "lobby" }),
  };
}
