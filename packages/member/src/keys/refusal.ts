// Why an event is not taken for the key that signed it. Both who hears it and who checks a journal ask this.
import { audienceOf, type Chain, type Head, isAccepted, type OpenEvent, type Verifier } from "@agora/protocol";

/** What only persons decide: an agent that is a member itself does not. [KEYCHAIN-10] */
const PERSONS_KINDS: ReadonlySet<string> = new Set(["control", "grant", "answer", "decision", "verdict", "claim"]);

export const AGENTS_KEY = "the key is an agent's, and this is for persons";
export const CERTIFIERS_KEY = "the key is a person's root or a device's, which says nothing itself";
export const ENDED_KEY = "its person has revoked this key";

/** Why an event is refused whose key has this chain: its person ended the key before, or an agent's key says what only persons say. */
export function refusalOf(
  chain: Chain,
  { head, signed }: Pick<OpenEvent, "head" | "signed">,
  verifier: Pick<Verifier, "sha256">,
): typeof AGENTS_KEY | typeof ENDED_KEY | undefined {
  if (chain.as === "agent" && (head.role === "user" || PERSONS_KINDS.has(head.kind))) return AGENTS_KEY;
  return chain.revoked === undefined || isAccepted(chain.revoked, placeOf(head, signed.head, verifier))
    ? undefined
    : ENDED_KEY;
}

/** An event's place among those of its author, as a revocation names it. [KEYCHAIN-4] */
export function placeOf(
  head: Head,
  text: string,
  verifier: Pick<Verifier, "sha256">,
): { readonly audience: string; readonly seq: number; readonly hash: string } {
  return { audience: audienceOf(head), seq: head.seq, hash: verifier.sha256(text) };
}
