// One request to the project's daemon, as every command makes it.
import type { RequestArgs, RequestName, Results } from "@agora/ipc";
import type { Result } from "@agora/protocol";
import type { Surroundings } from "./answer.ts";

/** Finds (or starts) the daemon and asks it one thing. */
export async function askDaemon<N extends RequestName>(
  around: Pick<Surroundings, "daemon">,
  name: N,
  args: RequestArgs<N>,
  timeoutMs?: number,
): Promise<Result<Results[N]>> {
  const daemon = await around.daemon();
  if (!daemon.ok) return daemon;
  return daemon.value.request(name, args, timeoutMs === undefined ? undefined : { timeoutMs });
}
