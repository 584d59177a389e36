// Runs things that must not overlap, by name: each waits until the one before it is done.

/** The queues of all names. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs something after everything queued under this name before it. */
  async run(name: string, what: () => Promise<void>): Promise<void> {
    const before = this.#last.get(name);
    const mine = (async () => {
      await before?.catch(() => undefined);
      await what();
    })();
    this.#last.set(name, mine);
    try {
      await mine;
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    }
  }
}
