// Whether the other side of a connection is still there: anything it sends is a sign of life, and it can be asked for one.
import type { Clock } from "@agora/ports";

/** After this many heartbeats without a sign of life a connection is dropped. [LIVE-2] */
const MAX_SILENT_PERIODS = 2;

/** What is known about the other side's life. */
export class Liveness {
  #heard = true;
  #silentPeriods = 0;
  #probes: ((alive: boolean) => void)[] | undefined;

  /** Records a sign of life. */
  hears(): void {
    this.#heard = true;
  }

  /** Records the answer to a ping. */
  answers(): void {
    this.#heard = true;
    this.#answer(true);
  }

  /** Counts a heartbeat; false when the other side has been silent for too many. */
  beat(): boolean {
    this.#silentPeriods = this.#heard ? 0 : this.#silentPeriods + 1;
    this.#heard = false;
    return this.#silentPeriods < MAX_SILENT_PERIODS;
  }

  /**
   * Waits for the answer to a ping; false when none comes within `ms`, or the connection ends. Another frame doesn't count:
   * it may have been in flight when its sender dropped the connection and came again. [JOIN-5]
   */
  next(clock: Clock, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, () => resolve(false));
      this.#probes ??= [];
      this.#probes.push((alive) => {
        cancel();
        resolve(alive);
      });
    });
  }

  /** The connection has ended: stop waiting. */
  end(): void {
    this.#answer(false);
  }

  #answer(alive: boolean): void {
    if (this.#probes === undefined || this.#probes.length === 0) return;
    for (const probe of this.#probes.splice(0)) probe(alive);
  }
}
