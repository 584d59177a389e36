// The grant by which this member steers the room, when it has one.
import { openGrant, type Verifier } from "@agora/protocol";

/** Against what a grant is held. */
export interface GrantFor {
  /** The room's root key; without it no grant can be checked. */
  readonly root: string | undefined;
  readonly verifier: Verifier;
  readonly room: string;
  readonly me: string;
  readonly myKey: string;
  readonly now: number;
}

/** The first of `grants` that makes this member an operator: the owner's own, the one it was given, the one it joined with. */
export function findOperatorGrant(grants: readonly (string | undefined)[], by: GrantFor): string | undefined {
  return grants.find((jwt): jwt is string => {
    if (by.root === undefined || jwt === undefined) return false;
    const opened = openGrant(jwt, by.root, by.verifier, by.now);
    if (!opened.ok) return false;
    const { key, room, sub = by.me, grant } = opened.value;
    return key === by.myKey && room === by.room && sub === by.me && grant === "operator";
  });
}
