// Keys of invites, made and used with this machine's own cryptography.
import type { InviteKeys } from "@agora/member";
import { createSigner, generateKeyPair, keyPairOf } from "@agora/ports";

export const inviteKeys: InviteKeys = {
  make: () => Promise.resolve(generateKeyPair()),
  keyOf: (seed) => keyPairOf(seed).key,
  sign: (seed, text) => Promise.resolve(createSigner(keyPairOf(seed)).sign(text)),
};
