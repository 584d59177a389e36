// The disk did not take what arrived: the link is left and joined anew a little later, so that the relay's ring and the other
// members give it again. Nothing is confirmed meanwhile.
import type { Clock } from "@agora/ports";

const RETRY_MS = 2_000;

export interface DiskTroubleOptions {
  readonly clock: Clock;
  /** Leaves the room, and joins it again. */
  readonly leave: () => void;
  readonly join: () => void;
  /** Brings to the inbox what is in the history, but whose item the disk did not take. */
  readonly reconcile: () => void;
  /** Tells the person, or that it is over. */
  readonly tell: (isFull: boolean) => void;
}

/** Makes what is to be called at each trouble; while one is waited out, more of it changes nothing. */
export function createDiskTrouble(options: DiskTroubleOptions): () => void {
  let isFull = false;
  return () => {
    if (isFull) return;
    isFull = true;
    options.tell(true);
    options.leave();
    options.clock.after(RETRY_MS, () => {
      isFull = false;
      options.tell(false);
      options.reconcile(); // it may find the disk still full
      if (!isFull) options.join();
    });
  };
}
