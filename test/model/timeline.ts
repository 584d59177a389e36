// Virtual time: what is to happen, in the order of when; and clocks over it that may jump, pause or end with their process.
import type { Cancel, Clock } from "@agora/ports";

interface Due {
  readonly at: number;
  readonly order: number;
  fn: (() => void) | undefined;
}

/** One line of time for everybody. Nothing happens but by `run`. */
export class Timeline {
  /** Milliseconds since the beginning. */
  now = 0;
  readonly #heap: Due[] = [];
  #order = 0;

  after(ms: number, fn: () => void): Cancel {
    const due: Due = { at: this.now + Math.max(0, ms), order: (this.#order += 1), fn };
    this.#push(due);
    return () => {
      due.fn = undefined;
    };
  }

  /** Lets `ms` pass; after all that happens at once, promises and turns of the event loop have theirs. */
  async run(ms: number): Promise<void> {
    const end = this.now + ms;
    await turn();
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#pop();
      if (next.fn === undefined) continue;
      this.now = Math.max(this.now, next.at);
      next.fn();
      await turn();
    }
    this.now = end;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.push(due) - 1;
    for (let up = (at - 1) >> 1; at > 0 && isBefore(due, heap[up]!); up = (at - 1) >> 1) {
      heap[at] = heap[up]!;
      heap[up] = due;
      at = up;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (let down = 1; down < heap.length; down = 2 * at + 1) {
      if (down + 1 < heap.length && isBefore(heap[down + 1]!, heap[down]!)) down += 1;
      if (isBefore(last, heap[down]!)) break;
      heap[at] = heap[down]!;
      at = down;
    }
    heap[at] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Where every wall clock begins. */
const BEGIN = 1_760_000_000_000;

/** A machine's clocks: the wall's can be set, the steady one stands while the machine sleeps. */
export class MachineClock {
  readonly #timeline: Timeline;
  #offset = BEGIN;
  #slept = 0;
  #sleepsSince: number | undefined;
  #held: (() => void)[] = [];

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get sleeps(): boolean {
    return this.#sleepsSince !== undefined;
  }

  jump(ms: number): void {
    this.#offset += ms;
  }

  now(): number {
    return Math.floor(this.#offset + this.#timeline.now);
  }

  steady(): number {
    return (this.#sleepsSince ?? this.#timeline.now) - this.#slept;
  }

  sleep(): void {
    this.#sleepsSince ??= this.#timeline.now;
  }

  wake(): void {
    if (this.#sleepsSince === undefined) return;
    this.#slept += this.#timeline.now - this.#sleepsSince;
    this.#sleepsSince = undefined;
    const held = this.#held;
    this.#held = [];
    for (const fn of held) this.#timeline.after(0, fn);
  }

  /** Runs `fn`, or, while the machine sleeps, when it wakes. */
  awake(fn: () => void): void {
    if (this.sleeps) this.#held.push(() => this.awake(fn));
    else fn();
  }

  /** The clock of a process on this machine; its timers end with it. */
  ofProcess(isAlive: () => boolean): Clock {
    const at = (due: number, fn: () => void): Cancel => {
      let cancelled = false;
      let cancel: Cancel = () => undefined;
      const wait = (): void => {
        cancel = this.#timeline.after(due - this.steady(), () =>
          this.awake(() => {
            if (cancelled || !isAlive()) return;
            if (this.steady() < due) wait();
            else fn();
          }),
        );
      };
      wait();
      return () => {
        cancelled = true;
        cancel();
      };
    };
    return {
      now: () => this.now(),
      steady: () => this.steady(),
      after: (ms, fn) => at(this.steady() + ms, fn),
      every: (ms, fn) => {
        let cancel: Cancel = () => undefined;
        const again = (): void => {
          cancel = at(this.steady() + ms, () => {
            again();
            fn();
          });
        };
        again();
        return () => cancel();
      },
    };
  }
}
