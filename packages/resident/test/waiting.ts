// What all tests of this package need: the room they meet in, values out of results, and patience with a limit.
import type { Result } from "@agora/protocol";

export const TOKEN = "a-token-for-tests";
export const ROOM = "lobby";

/** The value of a result; throws its sentence. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code}: ${result.message}`);
  return result.value;
}

/** Polls until `probe` gives something. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 8_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain for: ${what}`);
    // Slow enough that asking again and again stays below the gateway's own pace.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
