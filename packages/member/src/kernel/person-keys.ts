// A person's keys on this device, as far as a member of a room needs them. Where they lie is the world's own.
import type { FormerKey } from "@agora/user-config";
import type { LaterSigner, Result, Signer } from "@agora/protocol";

export interface PersonKeys {
  /** Where the root was made: what these keys state says so. */
  readonly origin: string;
  /** The person's root, if it lies here. */
  readonly root: Signer | LaterSigner | undefined;
  readonly device: Signer | LaterSigner;
  /** What this member shows of its person: among them what makes its own key that person's. */
  statements(): readonly string[];
  /** Keeps more of them, for all members of this person here. */
  add(statements: readonly string[]): Promise<Result<unknown>>;
  /** Reads anew what is kept: the root may have been renewed. */
  reload(): Promise<Result<unknown>>;
  /** The keys that this member had here before, the newest first; their statements are among those above. */
  readonly former?: readonly FormerKey[];
  /**
   * Puts a new key in the place of the member's own, all in one step; the member signs with it from its next start on. `say` makes what
   * is said about the one that goes. Missing where keys stay what they are.
   */
  replaceKey?(say: (next: string) => Promise<FormerKey>): Promise<Result<unknown>>;
}
