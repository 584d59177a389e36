// What a room is told about who is in it: only lines that changed, the latest value of each, at most every 100 ms.
import type { Cancel, Clock } from "@agora/ports";
import type { Presence, PresentDevice } from "@agora/protocol";
import { type Answer, whenAnswered } from "./ports/answer.ts";

/** Between two presence frames of one room, milliseconds. [PRESENCE-2] */
const PRESENCE_PERIOD_MS = 100;
/** The longest wait before retrying what couldn't be published, milliseconds. */
const LONGEST_PERIOD_MS = 5_000;

/**
 * Collects changed lines and publishes them together, one publication at a time, so that the last value is published last.
 */
export class PresenceBoard {
  readonly #clock: Clock;
  readonly #tell: (lines: readonly Presence[]) => Answer<void>;
  readonly #changed = new Map<string, Presence>();
  #toldAt = -Infinity;
  #periodMs = PRESENCE_PERIOD_MS;
  #timer: Cancel | undefined;
  #isTelling = false;
  #isOver = false;

  constructor(clock: Clock, tell: (lines: readonly Presence[]) => Answer<void>) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Records a member's line; an unpublished earlier one is dropped, but for the chains that only the first one has. */
  change(line: Presence): void {
    if (this.#isOver) return;
    this.#changed.set(line.name, withChains(line, this.#changed.get(line.name)));
    this.#arm();
  }

  /** Forgets what wasn't published, for good: nobody is left to hear it. */
  clear(): void {
    this.#isOver = true;
    this.#changed.clear();
    this.#timer?.();
    this.#timer = undefined;
  }

  #arm(): void {
    if (this.#isTelling) return;
    const wait = Math.max(0, this.#toldAt + this.#periodMs - this.#clock.steady());
    this.#timer ??= this.#clock.after(wait, () => this.#flush());
  }

  #flush(): void {
    this.#timer = undefined;
    this.#toldAt = this.#clock.steady();
    const lines = [...this.#changed.values()];
    this.#changed.clear();
    this.#isTelling = true;
    whenAnswered(this.#tell(lines), this.#clock, (told) => {
      this.#isTelling = false;
      if (this.#isOver) return;
      this.#periodMs = told.ok ? PRESENCE_PERIOD_MS : Math.min(2 * this.#periodMs, LONGEST_PERIOD_MS);
      if (!told.ok) for (const line of lines) if (!this.#changed.has(line.name)) this.#changed.set(line.name, line);
      if (this.#changed.size > 0) this.#arm();
    });
  }
}

/** A line with the chains that an earlier one would have told. */
function withChains(line: Presence, earlier: Presence | undefined): Presence {
  if (earlier === undefined || !line.online) return line;
  const told = new Map(
    [earlier, ...(earlier.devices ?? [])].flatMap(({ key, chain }) => (chain ? [[key, chain]] : [])),
  );
  if (told.size === 0) return line;
  const add = <T extends PresentDevice>(device: T): T => {
    const chain = device.chain ?? told.get(device.key);
    return chain === undefined ? device : { ...device, chain };
  };
  return { ...add(line), ...(line.devices === undefined ? {} : { devices: line.devices.map(add) }) };
}
