// Requests that survive a hand-over: what the old daemon didn't take is asked of its successor.
import type { Result } from "@agora/protocol";
import type { Client } from "./client.ts";
import { HAND_OVER_TIMEOUT_MS } from "./limits.ts";
import type { IpcCode, RequestArgs, RequestName } from "./messages.ts";

/** After an answer of `gone`, the connection's end is noticed within this time. */
const GONE_WITHIN_MS = 50;

const TIMES = 3;

/** What is needed of a connection to a daemon. */
export type Line = Pick<Client, "request" | "closed">;

/**
 * A `request` that carries on with the successor: after `moved`, and after `gone` if the request can't be carried out twice.
 *
 * @param reopen opens a connection to the current daemon when this one has ended; it must not retry by itself
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

/** Whether the request has an id of its own: then it takes effect once, however often it is asked. */
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
