// The statements by which a newcomer shows whose key it has: those that hold are passed on to the room, and devices of one person may
// share a name.
import { type KeyClaims, openStatements, readChain, type Verifier } from "@agora/protocol";

/** What a member showed of its person, as far as it holds. */
export interface ShownChain {
  readonly statements: readonly string[];
  readonly claims: readonly KeyClaims[];
  /** Whose key it is; undefined when nothing was shown, or its person revoked it. */
  readonly root: string | undefined;
  /** The device that certified it. */
  readonly device: string | undefined;
}

const NOTHING: ShownChain = { statements: [], claims: [], root: undefined, device: undefined };

/** What holds of the statements that a member shows at `join`; none when they don't make the key somebody's. [KEYCHAIN-8] */
export function shownChain(
  statements: readonly string[] | undefined,
  { room, name, key }: { readonly room: string; readonly name: string; readonly key: string },
  verifier: Verifier,
): ShownChain {
  if (statements === undefined || statements.length === 0) return NOTHING;
  const opened = openStatements(statements, room, verifier);
  const claims = opened.map((statement) => statement.claims);
  const chain = readChain(claims, key, name, verifier);
  if (!chain.ok) return NOTHING;
  const root = chain.value.revoked === undefined ? chain.value.root : undefined;
  return { statements: opened.map(({ jws }) => jws), claims, root, device: chain.value.device };
}

/** The keys that a person's root ends by its own word. */
export function endedIn({ claims, root }: ShownChain): readonly string[] {
  return claims.flatMap((claim) => (claim.act === "revoke" && claim.by === root ? [claim.key] : []));
}

/** The keys that a person's statements make that person's, under one name. */
export function keysIn({ claims, root }: ShownChain, name: string, verifier: Verifier): readonly string[] {
  if (root === undefined) return [];
  return claims.flatMap((claim) => {
    if (claim.act !== "certify" || claim.as === "device" || claim.name !== name) return [];
    const chain = readChain(claims, claim.key, name, verifier, root);
    return chain.ok && chain.value.root === root ? [claim.key] : [];
  });
}
