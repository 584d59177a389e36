// Notices when the process that started this one is gone: the system then gives this process another parent.
import type { Cancel, Clock } from "@agora/ports";

const LOOK_EVERY_MS = 2_000;

/** Watches this process's present parent. `gone` never settles for a process that started without one. */
export function watchParent(
  clock: Pick<Clock, "every">,
  parent: () => number = () => process.ppid,
  isAlive: (pid: number) => boolean = isRunning,
): { readonly gone: Promise<void>; readonly stop: Cancel } {
  const born = parent();
  let stop: Cancel = () => undefined;
  const gone = new Promise<void>((resolve) => {
    if (born <= 1) return; // a container's init, or a parent that was gone before we looked
    stop = clock.every(LOOK_EVERY_MS, () => {
      if (parent() !== born || !isAlive(born)) resolve();
    });
  });
  return { gone, stop: () => stop() };
}

/** On Windows the parent's pid doesn't change when it is gone, so its existence is checked as well. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
