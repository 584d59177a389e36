// Making another member a lead: by the room's root key where it is, else by one's own grant, if that lets one hand leads down.
import { fail, type GrantClaims, jwtText, newId, ok, openGrant, type OpenGrant, type Result } from "@agora/protocol";
import type { Kernel } from "../kernel/kernel.ts";

/** Whom a lead's grant is for: the member and its key, in one channel or everywhere, until when in seconds. */
export interface LeadWish {
  readonly sub: string;
  readonly key: string;
  readonly channel?: string;
  readonly exp?: number;
  readonly iat: number;
}

/** A signed grant, and what it says. */
type Signed = { readonly jwt: string; readonly claims: Pick<GrantClaims, "jti" | "exp"> };

/** What a lead of the whole room may do for others: it lets members and observers in, and makes no leads. [RIGHT-1] */
const LEAD_MAY: readonly string[] = ["member", "observer"];

/**
 * Signs a lead's grant by the room's root key, or hands it down from `own`, an operator's grant of this member. What is handed down
 * ends with what it is from. [GRANT-9]
 */
export async function signLead(
  kernel: Pick<Kernel, "options" | "room" | "root" | "verifier" | "roomTime">,
  own: string | undefined,
  wish: LeadWish,
): Promise<Result<Signed, "disk" | "not-allowed">> {
  const may = wish.channel === undefined ? { may: [...LEAD_MAY] } : {};
  const claims = { room: kernel.room, grant: "lead" as const, ...wish, ...may };
  const { owner, signer } = kernel.options;
  if (owner !== undefined) {
    const signed = await owner.signAny(claims);
    return signed.ok ? ok(signed.value) : fail("disk", signed.message);
  }
  const parent = opened(kernel, own);
  if (own === undefined || parent?.may?.includes("lead") !== true)
    return fail("not-allowed", "Your grant lets you make no leads: ask the room's owner.");
  const given = parent.may;
  const exp = Math.min(claims.exp ?? Infinity, parent.exp ?? Infinity);
  const down = {
    ...claims,
    ...(claims.may === undefined ? {} : { may: claims.may.filter((word) => given.includes(word)) }),
    ...(exp === Infinity ? {} : { exp }),
    jti: newId(),
    parent: own,
  };
  const text = jwtText(down);
  const sig = "sign" in signer ? signer.sign(text) : await signer.signLater(text);
  return ok({ jwt: `${text}.${sig}`, claims: { jti: down.jti, ...(exp === Infinity ? {} : { exp }) } });
}

function opened(
  { root, verifier, roomTime }: Pick<Kernel, "root" | "verifier" | "roomTime">,
  own: string | undefined,
): OpenGrant | undefined {
  const key = root();
  const read = own === undefined || key === undefined ? undefined : openGrant(own, key, verifier, roomTime.now());
  return read?.ok === true ? read.value : undefined;
}
