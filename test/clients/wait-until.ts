// Waiting for something that a real client does in its own time.
// Every wait has a deadline and says at its end what was seen instead.
import { PATIENCE_MS, until as untilSeen } from "../wait-until.ts";

/** Asks `probe` again and again until it answers something other than undefined or false; fails after `timeoutMs`, or what all tests wait if that is longer. */
export function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs: number,
  seen: () => Promise<string> | string = () => "",
): Promise<T> {
  return untilSeen(what, probe, { patienceMs: Math.max(timeoutMs, PATIENCE_MS), seen });
}
