// Two stories of one author: what came second is not taken, and its signed head is kept as a proof of it. Bounded, one per author.
import { EVENT_PREFIX, type Head, isSignature, readHead, type SignedEvent, type Verifier } from "@agora/protocol";
import { putLatest } from "../kernel/latest.ts";

/** A signed head that contradicts what this member kept. */
export interface Conflict {
  readonly at: number;
  readonly author: string;
  /** Its author's key. */
  readonly key: string;
  readonly audience: string;
  readonly seq: number;
  readonly head: string;
  readonly sig: string;
}

/** The first contradiction of each author, by key; plain JSON. */
export type Conflicts = Record<string, Conflict>;

/** How many authors' are kept. */
const MAX_CONFLICTS = 50;

/** Folds one, in place: of an author the first stays. */
export function foldConflict(conflicts: Conflicts, conflict: Conflict): void {
  if (!Object.hasOwn(conflicts, conflict.key)) putLatest(conflicts, conflict.key, conflict, MAX_CONFLICTS);
}

/** A head whose signature holds, without its body; undefined when it doesn't. */
export function openHeadAlone(
  { head, sig }: Pick<SignedEvent, "head" | "sig">,
  verifier: Pick<Verifier, "verify">,
): Head | undefined {
  const read = readHead(head);
  if (!read.ok || !head.isWellFormed() || !isSignature(sig)) return undefined;
  return verifier.verify(read.value.key, EVENT_PREFIX + head, sig) ? read.value : undefined;
}
