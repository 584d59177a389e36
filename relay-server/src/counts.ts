// The relay's counters: plain numbers, so that counting costs nothing; metrics.ts exports them to Prometheus.

/** Counters by key. */
export class Tally {
  readonly #numbers = new Map<string, number>();

  add(word: string, count = 1): void {
    this.#numbers.set(word, (this.#numbers.get(word) ?? 0) + count);
  }

  get(word: string): number {
    return this.#numbers.get(word) ?? 0;
  }

  entries(): IterableIterator<[string, number]> {
    return this.#numbers.entries();
  }
}

/** Everything a relay counts. */
export class Counts {
  readonly framesIn = new Tally();
  readonly framesOut = new Tally();
  readonly refused = new Tally();
  readonly closed = new Tally();
  deliveries = 0;
}
