// The daemon's door for requests. When it is closed for a successor, what is under way is finished, what only waits is asked
// to come again, and nothing new begins: so whoever is told `moved` may ask the successor the same without doing it twice.
import { fail } from "@agora/home";
import type { Clock } from "@agora/ports";
import type { Failure, Result } from "@agora/protocol";
import type { IpcCode } from "./messages.ts";

export interface Gate {
  /** Nothing is let in any more. */
  readonly closed: boolean;
  /** Carries a request out, or answers `moved`; one that only `waits` is sent away even while it is under way. */
  pass(waits: boolean, work: () => Promise<Result<unknown, IpcCode>>): Promise<Result<unknown, IpcCode>>;
  /** Lets nothing more in; resolves when nothing is under way, after `ms` at the latest. */
  close(ms: number): Promise<void>;
}

/** Makes an open gate. */
export function createGate(clock: Clock): Gate {
  let closed = false;
  let closing: Promise<void> | undefined;
  let running = 0;
  let idle = (): void => undefined;
  let release: (moved: Failure<"moved">) => void = () => undefined;
  const released = new Promise<Failure<"moved">>((resolve) => {
    release = resolve;
  });
  return {
    get closed() {
      return closed;
    },
    async pass(waits, work) {
      if (closed) return moved();
      if (waits) return Promise.race([work(), released]);
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        if (running === 0) idle();
      }
    },
    close(ms) {
      closed = true;
      release(moved());
      closing ??= new Promise((resolve) => {
        if (running === 0) return resolve();
        const cancel = clock.after(ms, resolve);
        idle = () => {
          cancel();
          resolve();
        };
      });
      return closing;
    },
  };
}

function moved(): Failure<"moved"> {
  return fail("moved", "The daemon hands over to a newer version at this moment: ask again.");
}
