// What all tests of this package need: the room they meet in, values out of results, and patience with a limit.
import type { Result } from "@agora/protocol";

export const TOKEN = "a-token-for-tests";
export const ROOM = "lobby";

/** The value of a result; throws its sentence. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}
