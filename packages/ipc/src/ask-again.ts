// Requests that outlive the daemon they were made to: what one that hands over did not take is asked of its successor.
import type { Result } from "@agora/protocol";
import type { Client } from "./client.ts";
import { HAND_OVER_TIMEOUT_MS } from "./limits.ts";
import type { IpcCode, RequestArgs, RequestName } from "./messages.ts";

/** Who answered `gone` is about to be noticed by everybody. */
const GONE_WITHIN_MS = 50;

const TIMES = 3;

/** What is needed of a line to a daemon. */
export type Line = Pick<Client, "request" | "closed">;

/**
 * The `request` of a line that goes on at the successor: after `moved`, and after `gone` for what can't be done twice.
 *
 * @param reopen opens a line to whoever is there when this one has ended; not one that asks again itself
 */
export function askAgain(line: Line, reopen: () => Promise<Result<Line, IpcCode>>): Line["request"] {
  return async (name, args, options) => {
    let asked = line;
    for (let time = 1; ; time += 1) {
      const answer = await asked.request(name, args, options);
      if (answer.ok || time === TIMES) return answer;
      const isMoved = answer.code === "moved";
      if (!isMoved && !(answer.code === "gone" && isSaidOnce(name, args))) return answer;
      await within(asked.closed, isMoved ? HAND_OVER_TIMEOUT_MS : GONE_WITHIN_MS);
      const next = await reopen();
      if (!next.ok) return next;
      asked = next.value;
    }
  };
}

/** What bears an id of its own is done once, however often it is asked for. */
function isSaidOnce<N extends RequestName>(name: N, args: RequestArgs<N>): boolean {
  return ("once" in args && args.once !== undefined) || (name === "say" && "id" in args && args.id !== undefined);
}

async function within(closed: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
}
