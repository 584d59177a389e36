// Saying something once although it is asked twice: a caller that got no answer repeats its request with the same key.
import { createHash } from "node:crypto";
import { newId } from "@agora/protocol";

const MAX_KEY_CHARS = 200;

/** The event id that a caller's key stands for: always the same for one member; undefined for no key, or a useless one. */
export function idOfKey(memberKey: string, key: string | undefined): string | undefined {
  if (key === undefined || key === "" || key.length > MAX_KEY_CHARS) return undefined;
  const digest = createHash("sha256").update(`agora-idempotency\n${memberKey}\n${key}`).digest();
  return newId((bytes) => {
    bytes.set(digest.subarray(0, bytes.length));
    return bytes;
  });
}
