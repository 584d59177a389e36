// What a room is told of who is in it: only lines that changed, the last value of each, at most every 100 ms.
import type { Cancel, Clock } from "@agora/ports";
import type { Presence } from "@agora/protocol";

/** Between two presence frames of one room, milliseconds. [PRESENCE-2] */
const PRESENCE_PERIOD_MS = 100;

/** Gathers changed lines and tells them together. */
export class PresenceBoard {
  readonly #clock: Clock;
  readonly #tell: (lines: readonly Presence[]) => void;
  readonly #changed = new Map<string, Presence>();
  #toldAt = -Infinity;
  #timer: Cancel | undefined;

  constructor(clock: Clock, tell: (lines: readonly Presence[]) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Notes a member's line; an earlier one that was not told yet is forgotten. */
  change(line: Presence): void {
    this.#changed.set(line.name, line);
    const wait = Math.max(0, this.#toldAt + PRESENCE_PERIOD_MS - this.#clock.steady());
    this.#timer ??= this.#clock.after(wait, () => this.#flush());
  }

  /** Forgets what was not told: nobody is left to hear it. */
  clear(): void {
    this.#changed.clear();
    this.#timer?.();
    this.#timer = undefined;
  }

  #flush(): void {
    this.#timer = undefined;
    this.#toldAt = this.#clock.steady();
    const lines = [...this.#changed.values()];
    this.#changed.clear();
    this.#tell(lines);
  }
}
