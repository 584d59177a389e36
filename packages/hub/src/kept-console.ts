// What the console keeps from one hub to the next: its port, its path, and hashes of its cookies.
import type { Kept } from "@agora/console-server";
import { HUB } from "@agora/ipc";
import { type Home, type HomeCode, readPrivate, replacePrivate, socketPath } from "@agora/user-config";
import type { Result } from "@agora/protocol";

/** What the last hub kept; undefined when there is none, or it isn't whole. */
export function readKept(home: Home): Kept | undefined {
  const text = readPrivate(socketPath(home, HUB).consoleFile, true);
  if (!text.ok || text.value === undefined) return undefined;
  try {
    const kept = JSON.parse(text.value) as Kept;
    const isWhole =
      Number.isInteger(kept.port) &&
      /^\/[\w-]{12}\/$/.test(kept.place) &&
      typeof kept.admitted === "object" &&
      kept.admitted !== null;
    return isWhole ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps it for the next hub. */
export function writeKept(home: Home, kept: Kept): Promise<Result<void, HomeCode>> {
  return replacePrivate(socketPath(home, HUB).consoleFile, JSON.stringify(kept));
}

/** Whether a browser was admitted and may come back: then the console is to be served. */
export function isConsoleExpected(home: Home): boolean {
  return Object.keys(readKept(home)?.admitted ?? {}).length > 0;
}
