// The statements by which a newcomer shows whose key it has: those that hold are passed on to the room.
import { openStatements, readChain, type Verifier } from "@agora/protocol";

/**
 * What holds of the statements that a member shows at `join`; none when they don't make the key somebody's. The relay decides
 * nothing by them. [KEYCHAIN-8]
 */
export function shownChain(
  statements: readonly string[] | undefined,
  { room, name, key }: { readonly room: string; readonly name: string; readonly key: string },
  verifier: Verifier,
): readonly string[] {
  if (statements === undefined || statements.length === 0) return [];
  const opened = openStatements(statements, room, verifier);
  const claims = opened.map((statement) => statement.claims);
  return readChain(claims, key, name, verifier).ok ? opened.map(({ jws }) => jws) : [];
}
