// What somebody who may enter a room comes with.
import type { Join } from "@agora/protocol";
import type { Entitlement } from "./grants.ts";

/** A join whose token, proof or grant holds. */
export interface Admission {
  readonly frame: Join;
  readonly entitlement: Entitlement;
  /** An operator's grant it showed besides. */
  readonly operator: Entitlement | undefined;
}
