// Ends the project's daemon when it runs, and waits until it is gone.
import { ok, type Result } from "@agora/protocol";
import type { CommandContext } from "./answer.ts";

const STOP_TIMEOUT_MS = 10_000;
const GONE_TIMEOUT_MS = 5_000;

/** Whether there was a daemon to end; a failure when it runs and would not end. */
export async function endDaemon(around: Pick<CommandContext, "via" | "running">): Promise<Result<boolean>> {
  const daemon = await around.running();
  if (!daemon.ok) return ok(false);
  const stopped = await daemon.value.request("stop", { via: around.via }, { timeoutMs: STOP_TIMEOUT_MS });
  if (!stopped.ok && stopped.code !== "gone") return stopped;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GONE_TIMEOUT_MS);
  });
  await Promise.race([daemon.value.closed, patience]);
  clearTimeout(timer);
  return ok(true);
}
