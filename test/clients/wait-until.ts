// Waiting for something that a real client does in its own time.
// Every wait has a deadline and says at its end what was seen instead.
import { setTimeout as pause } from "node:timers/promises";
import { PATIENCE_MS } from "../wait-until.ts";

const pollMs = 60;

/** Asks `probe` again and again until it answers something other than undefined or false; fails after `timeoutMs`, or what all tests wait if that is longer. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs: number,
  seen: () => Promise<string> | string = () => "",
): Promise<T> {
  const patienceMs = Math.max(timeoutMs, PATIENCE_MS);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${patienceMs} ms for ${what}\n${await seen()}`);
    await pause(pollMs);
  }
}
