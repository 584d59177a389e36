// Looks now and then whether the clients behind attached seats still live: one that died while something else holds the pipe of
// its server would be shown as connected, and busy, for ever.
import type { Session } from "@agora/ipc";
import type { Cancel, Clock } from "@agora/ports";

/** Whether a process of this machine runs; undefined where that can't be known. */
export type IsRunning = (pid: number) => boolean | undefined;

const LOOK_EVERY_MS = 15_000;

/**
 * Calls `dead` once when the client `pid` of an attached session has ended. One that can't be seen from here at the start (it
 * runs in a container of its own) is not judged.
 */
export function watchClient(
  clock: Pick<Clock, "every">,
  session: Session,
  pid: number,
  isRunning: IsRunning,
  dead: () => void,
): void {
  if (isRunning(pid) !== true) return;
  let stop: Cancel = () => undefined;
  stop = clock.every(LOOK_EVERY_MS, () => {
    if (isRunning(pid) !== false) return;
    stop();
    dead();
  });
  session.onClose(() => stop());
}

/** By a signal that is not sent. Another user's process lives as well. */
export const isProcessRunning: IsRunning = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};
