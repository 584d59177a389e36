// Stops the project's daemon if it is running, and waits until it is gone.
import { ok, type Result } from "@agora/protocol";
import type { CommandContext } from "./answer.ts";

const STOP_TIMEOUT_MS = 10_000;
const GONE_TIMEOUT_MS = 5_000;

/** Whether there was a daemon to stop; a failure when it is running and wouldn't stop. */
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
