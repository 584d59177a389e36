// The chain of an author's events in one audience: each head names the hash of the one before it, so that nobody can change,
// remove or exchange an event without every later one showing it.
import type { Head, Verifier } from "./event.ts";

/**
 * What the author's next head in the same audience names as `prev`: the hash of this head's bytes. A void stands for the
 * event it replaces, which others may hold in its place. [RECORD-1] [RECORD-3]
 */
export function linkOf(
  head: Pick<Head, "kind" | "replaces">,
  text: string,
  { sha256 }: Pick<Verifier, "sha256">,
): string {
  return head.kind === "void" && head.replaces !== undefined ? head.replaces : sha256(text);
}
