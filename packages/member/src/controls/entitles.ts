// Whether a grant gives an author the right to what it decides. Both who obeys it and who checks a journal ask this.
import { gives, type Head, idsOf, openGrant, type Right, type Verifier } from "@agora/protocol";

/**
 * Whether `grant` gives a right in this room, and in the event's channel, to this author's key, at a moment. [RIGHT-3]
 *
 * @param root the room's root key, or its relay's where it has none
 * @param nowMs the moment, unix milliseconds by the room's time
 */
export function entitles(
  grant: string | undefined,
  head: Pick<Head, "author" | "key" | "room" | "channel">,
  right: Right,
  {
    root,
    verifier,
    nowMs,
    isRevoked = () => false,
  }: {
    readonly root: string;
    readonly verifier: Pick<Verifier, "verify">;
    readonly nowMs: number;
    /** Whether an operator took back one of these grants. [GRANT-10] */
    readonly isRevoked?: (ids: readonly string[]) => boolean;
  },
): boolean {
  const opened = grant === undefined ? undefined : openGrant(grant, root, verifier, nowMs);
  return (
    opened?.ok === true &&
    !isRevoked(idsOf(opened.value)) &&
    gives(opened.value, right, head.channel) &&
    opened.value.room === head.room &&
    opened.value.key === head.key && // everybody reads the grant: only its own key may use it [CONTROL-2]
    (opened.value.sub ?? head.author) === head.author
  );
}
