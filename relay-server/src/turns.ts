// Things that must not overlap, by name: each waits until the one before it is done.

/** The lines of all names. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs something when all that was to run under this name before is done. */
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
