// A long wait is pointless once the process that started it is gone: it must not stay behind.
import { isAlive } from "./is-alive.ts";

const CHECK_MS = 2_000;

/** Ends this process when its parent has ended; doesn't keep it alive. */
export function leaveWithParent(): void {
  const born = process.ppid;
  setInterval(() => {
    if (process.ppid !== born || !isAlive(born)) process.exit(1);
  }, CHECK_MS).unref();
}
