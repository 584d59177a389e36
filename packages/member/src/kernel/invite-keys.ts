// Keys of invites: made by who invites, and used once, by who has the invite.

/** What a world offers for them. */
export interface InviteKeys {
  /** A new pair: the public half and the private seed, 32 bytes base64url each. */
  make(): Promise<{ readonly key: string; readonly seed: string }>;
  /** The public half of a seed. */
  keyOf(seed: string): string;
  /** The signature of a text by the key of this seed, 64 bytes base64url. */
  sign(seed: string, text: string): Promise<string>;
}
