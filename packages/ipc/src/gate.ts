// The gate that requests pass into the daemon. When it closes for a successor, running requests finish, waiting ones are
// told to come again, and nothing new starts: so a client that is told `moved` may ask the successor without anything being
// done twice.
import { fail } from "@agora/user-config";
import type { Clock } from "@agora/ports";
import type { Failure, Result } from "@agora/protocol";
import type { IpcCode } from "./messages.ts";

export interface Gate {
  /** No more requests are let in. */
  readonly closed: boolean;
  /** Carries out a request, or answers `moved`; one that only `waits` is sent away even while it is running. */
  pass(waits: boolean, work: () => Promise<Result<unknown, IpcCode>>): Promise<Result<unknown, IpcCode>>;
  /** Closes the gate; resolves when no request is running, or after `ms` at the latest. */
  close(ms: number): Promise<void>;
}

/** Creates an open gate. */
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
