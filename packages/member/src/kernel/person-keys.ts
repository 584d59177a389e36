// A person's keys on this device, as far as a member of a room needs them. Where they lie is the world's own.
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
}
