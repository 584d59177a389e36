// One request to the project's daemon, as every command makes it.
import type { RequestArgs, RequestName, Results } from "@agora/ipc";
import { ONCE_REQUESTS } from "@agora/ipc/messages";
import { newId, type Result } from "@agora/protocol";
import type { Surroundings } from "./answer.ts";

const ONCE: ReadonlySet<RequestName> = new Set(ONCE_REQUESTS);

/** Finds (or starts) the daemon and asks it one thing. */
export async function askDaemon<N extends RequestName>(
  around: Pick<Surroundings, "daemon">,
  name: N,
  args: RequestArgs<N>,
  timeoutMs?: number,
): Promise<Result<Results[N]>> {
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  // Should the answer be lost with its daemon, the successor is asked the same and does it once.
  const asked = ONCE.has(name) && !("once" in args) ? { ...args, once: newId() } : args;
  return daemon.value.request(name, asked, timeoutMs === undefined ? undefined : { timeoutMs });
}
