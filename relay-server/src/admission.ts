// What a member admitted to a room came with.
import type { Join } from "@agora/protocol";
import type { Entitlement } from "./grants.ts";
import type { ShownChain } from "./shown-chain.ts";

/** A join whose token, proof or grant is valid. */
export interface Admission {
  readonly frame: Join;
  readonly entitlement: Entitlement;
  /** An operator's grant it showed in addition. */
  readonly operator: Entitlement | undefined;
  readonly shown: ShownChain;
}
