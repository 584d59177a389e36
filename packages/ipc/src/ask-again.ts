// Requests that outlive the daemon they were made to: what one that hands over did not take is asked of its successor.
import type { Result } from "@agora/protocol";
import type { Client } from "./client.ts";
import type { IpcCode, RequestArgs, RequestName } from "./messages.ts";

/** What is needed of a line to a daemon. */
export type Line = Pick<Client, "request" | "closed">;

/**
 * The `request` of a line that goes on at the successor: after `moved`, and after `gone` for what can't be done twice.
 *
 * @param reopen opens a line to whoever is there when this one has ended
 */
export function askAgain(line: Line, reopen: () => Promise<Result<Pick<Line, "request">, IpcCode>>): Line["request"] {
  return async (name, args, options) => {
    const answer = await line.request(name, args, options);
    if (answer.ok || !(answer.code === "moved" || (answer.code === "gone" && isSaidOnce(name, args)))) return answer;
    await line.closed;
    const next = await reopen();
    return next.ok ? next.value.request(name, args, options) : next;
  };
}

/** What bears its own id is written down once, however often it is asked for. */
function isSaidOnce<N extends RequestName>(name: N, args: RequestArgs<N>): boolean {
  return name === "say" && "id" in args && args.id !== undefined;
}
