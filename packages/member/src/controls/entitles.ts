// Whether a grant makes an author's words an operator's. Both who obeys a control and who checks a journal ask this.
import { type Head, openGrant, type Verifier } from "@agora/protocol";

/**
 * Whether `grant` is an operator's in this room for this author's key, at a moment.
 *
 * @param root the room's root key, or its relay's where it has none
 * @param nowMs the moment, unix milliseconds by the room's time
 */
export function entitles(
  grant: string | undefined,
  head: Pick<Head, "author" | "key" | "room">,
  {
    root,
    verifier,
    nowMs,
  }: { readonly root: string; readonly verifier: Pick<Verifier, "verify">; readonly nowMs: number },
): boolean {
  const opened = grant === undefined ? undefined : openGrant(grant, root, verifier, nowMs);
  return (
    opened?.ok === true &&
    opened.value.grant === "operator" &&
    opened.value.room === head.room &&
    opened.value.key === head.key && // everybody reads the grant: only its own key may use it [CONTROL-2]
    (opened.value.sub ?? head.author) === head.author
  );
}
