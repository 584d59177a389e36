// The names, a port: which key holds which name in a room. All relays that share it agree on that.
import type { Answer } from "./answer.ts";

/** What is claimed, and by whom. */
export interface NameClaim {
  readonly room: string;
  readonly name: string;
  readonly key: string;
  /** A word of this one claim and its renewals. */
  readonly claim: string;
}

/** Whose the name is now; another key, or another claim of this one, when it is not the claim's. */
export type Holder = Pick<NameClaim, "key" | "claim">;

/** Who holds which name. [JOIN-4] */
export interface Names {
  /**
   * Takes a name for `ttlMs` from the moment that is done, and tells who has it then. Another key that holds it keeps it; from an
   * older claim of the same key it is taken over, but not by a renewal. Who held the older claim may not know of that yet: no other
   * key is given the name before the older claim's time is over, even if the newer one gives it back.
   */
  claim(what: NameClaim, ttlMs: number, isRenewal: boolean): Answer<Holder>;
  /** Gives back a name that this claim still holds. */
  release(what: NameClaim): Answer<void>;
}
