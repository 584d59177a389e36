// A deadline for something that may answer later, and whose late answer may still matter.
import type { Clock } from "@agora/ports";

export const LATE = Symbol("late");

/** The value of `promise`, or LATE after `ms`; the promise itself continues. */
export async function within<T>(promise: Promise<T>, ms: number, clock: Clock): Promise<T | typeof LATE> {
  let cancel = (): void => undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    cancel = clock.after(ms, () => resolve(LATE));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
