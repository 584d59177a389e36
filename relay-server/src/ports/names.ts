// The names, a port: whose a name is in a room, and which keys hold it. All relays that share it agree on that.
import type { Answer } from "./answer.ts";

/** What is claimed, and by whom. */
export interface NameClaim {
  readonly room: string;
  readonly name: string;
  readonly key: string;
  /** Whose the key is: keys of one owner hold a name side by side. Without a person of its own a key is its own owner. */
  readonly owner: string;
  /** An id for this one claim and its renewals. */
  readonly claim: string;
}

/** Who holds the name now; if the claim failed, a key of another owner, or another claim of this one. */
export type Holder = Pick<NameClaim, "key" | "claim">;

/** Who holds which name. [JOIN-4] */
export interface Names {
  /**
   * Claims a name for `ttlMs` from the moment that is done, and tells who holds it then. Another owner that holds it keeps it; an
   * older claim of the same key is replaced, but not by a renewal. The holder of the older claim may not know that yet: no
   * other owner is given the name before the older claim's time is up, even if the newer one releases it.
   */
  claim(what: NameClaim, ttlMs: number, isRenewal: boolean): Answer<Holder>;
  /** Releases a name that this claim still holds. */
  release(what: NameClaim): Answer<void>;
}
