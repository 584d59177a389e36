// Notices that whoever started this process is gone: the system then gives the process another parent.
import type { Cancel, Clock } from "@agora/ports";

const LOOK_EVERY_MS = 2_000;

/** Watches the parent that this process has now. `gone` never settles for a process that began without one. */
export function watchParent(
  clock: Pick<Clock, "every">,
  parent: () => number = () => process.ppid,
  isAlive: (pid: number) => boolean = isRunning,
): { readonly gone: Promise<void>; readonly stop: Cancel } {
  const born = parent();
  let stop: Cancel = () => undefined;
  const gone = new Promise<void>((resolve) => {
    if (born <= 1) return; // an init of a container, or a parent that was gone before we looked
    stop = clock.every(LOOK_EVERY_MS, () => {
      if (parent() !== born || !isAlive(born)) resolve();
    });
  });
  return { gone, stop: () => stop() };
}

/** On Windows the parent's number stays when it is gone, so it is asked for as well. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
