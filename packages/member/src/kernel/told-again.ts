// What a member was to be told and the relay could not pass for the moment, receipts and the steps of files: told again later, once
// for all that was refused meanwhile.
import type { Clock } from "@agora/ports";

const AGAIN_MS = 2_000;

/** Creates what tells again; `tell` says to a member all that was said to it lately. */
export function createToldAgain(
  clock: Clock,
  tell: (member: string) => void,
): (member: string, retryAfterMs: number | undefined) => void {
  const waiting = new Set<string>();
  return (member, retryAfterMs = AGAIN_MS) => {
    if (waiting.has(member)) return;
    waiting.add(member);
    clock.after(retryAfterMs, () => {
      waiting.delete(member);
      tell(member);
    });
  };
}
