// What all tests of this package need: the room they meet in, unwrapped results, and bounded waits.
import type { Result } from "@agora/protocol";

export const TOKEN = "a-token-for-tests";
export const ROOM = "lobby";

/** The value of a result; throws its message. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}
