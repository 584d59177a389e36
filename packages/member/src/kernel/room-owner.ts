// The owner's part of a room: who holds its root key can make operators, and hand down every other grant.
import type { GrantClaims, Result, Signer } from "@agora/protocol";

/** The room's root key, as the daemon of its owner uses it. */
export interface Owner {
  /** The public half. */
  readonly root: string;
  /** Signs with the root key. */
  readonly signer: Signer;
  /** The owner's own operator's grant, bound to its key. */
  readonly grant: string;
  /** Signs an operator's grant for another member, bound to its key; its end and its beginning in seconds, by the room's time. */
  sign(
    member: string,
    key: string,
    exp?: number,
    iat?: number,
  ): Promise<Result<{ readonly jwt: string; readonly claims: GrantClaims }>>;
}
