// What a member shows of its person when it joins: a relay and newcomers look at so many statements, and no more.
import { type KeyClaims, MAX_CHAIN_STATEMENTS, readStatement } from "@agora/protocol";

/**
 * The statements to show, of all that a person's home keeps: what makes this member's key that person's, what leads from one root to
 * the next, what ended last, then the newest devices. [KEYCHAIN-6] [KEYCHAIN-8]
 */
export function shownStatements(kept: readonly string[], member: string): readonly string[] {
  if (kept.length <= MAX_CHAIN_STATEMENTS) return kept;
  const read = kept.flatMap((jws) => {
    const claims = readStatement(jws);
    return claims === undefined ? [] : [{ jws, claims }];
  });
  const own = read.find(({ claims }) => claims.act === "certify" && claims.as !== "device" && claims.key === member);
  const rank = ({ act, ...claims }: KeyClaims): number => {
    if (act === "certify") return "key" in claims && [member, own?.claims.by].includes(claims.key) ? 0 : 3;
    return act === "revoke" ? 2 : 1;
  };
  return read
    .toReversed()
    .sort((a, b) => rank(a.claims) - rank(b.claims))
    .slice(0, MAX_CHAIN_STATEMENTS)
    .map(({ jws }) => jws);
}
