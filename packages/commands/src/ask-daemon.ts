// One request to the project's daemon, as every command makes it.
import type { RequestArgs, RequestName, Results } from "@agora/ipc";
import type { OnceRequest } from "@agora/ipc/messages";
import { newId, type Result } from "@agora/protocol";
import type { CommandContext } from "./answer.ts";

/**
 * The caller gives a request that changes something an id: if the answer is lost along with its daemon, the successor is
 * asked the same and does it once.
 */
type Asked<N extends RequestName> = N extends OnceRequest ? RequestArgs<N> & { readonly once: string } : RequestArgs<N>;

/** Finds (or starts) the daemon and makes one request. */
export async function askDaemon<N extends RequestName>(
  around: Pick<CommandContext, "daemon">,
  name: N,
  args: Asked<N>,
  timeoutMs?: number,
): Promise<Result<Results[N]>> {
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  return daemon.value.request(name, args, timeoutMs === undefined ? undefined : { timeoutMs });
}

/** The same of a request that changes something, asked in the name of who gave the command, under an id of its own. */
export function askOnce<N extends OnceRequest>(
  around: Pick<CommandContext, "daemon" | "via">,
  name: N,
  args: Omit<RequestArgs<N>, "via" | "once">,
): Promise<Result<Results[N]>> {
  return askDaemon(around, name, { ...args, via: around.via, once: newId() } as unknown as Asked<N>);
}
