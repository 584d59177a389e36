// What a session waits for its person to allow, in words.
import { harmlessLine } from "@agora/protocol";
import { sinceWords } from "./time-words.ts";

const MINUTE_MS = 60_000;

/** `waits for permission: Bash, 4 min`; without the tool, where its client doesn't tell. */
export function permissionWords({
  waitingFor,
  waitingSince,
}: {
  readonly waitingFor?: string | undefined;
  readonly waitingSince?: number | undefined;
}): string {
  const what =
    waitingFor === undefined ? "waits for a permission" : `waits for permission: ${harmlessLine(waitingFor, 60)}`;
  const now = Date.now();
  return waitingSince === undefined || now - waitingSince < MINUTE_MS
    ? what
    : `${what}, ${sinceWords(waitingSince, now)}`;
}
