// Says something only once although it is requested twice: a caller that got no answer repeats its request with the same
// key.
import { createHash } from "node:crypto";
import { newId } from "@agora/protocol";

export const MAX_KEY_CHARS = 200;

/** The event id for a caller's key: always the same for one member. */
export function idOfKey(memberKey: string, key: string): string {
  const digest = createHash("sha256").update(`agora-idempotency\n${memberKey}\n${key}`).digest();
  return newId((bytes) => {
    bytes.set(digest.subarray(0, bytes.length));
    return bytes;
  });
}
