// Which keys this relay has met before, and in which order. When there isn't room for everybody, earlier keys go before
// later ones, so that somebody with the token can't lock the others out with new names.

/** Keys remembered; none of them is ever dropped, so that strangers push nobody out. */
const MAX_KEYS = 10_000;

/** The order in which keys were first let in. */
export class Seniority {
  readonly #ranks = new Map<string, number>();

  /** Records that a key was let in. */
  see(key: string): void {
    if (!this.#ranks.has(key) && this.#ranks.size < MAX_KEYS) this.#ranks.set(key, this.#ranks.size);
  }

  /** Whether the key was let in before. */
  knows(key: string): boolean {
    return this.#ranks.has(key);
  }

  /** Lower means earlier; Infinity for a key that was never let in, or came when no more were remembered. */
  rank(key: string): number {
    return this.#ranks.get(key) ?? Infinity;
  }
}

/** The latest of these, if it came after `newcomer`; undefined when none did. */
export function junior<T>(those: Iterable<T>, rankOf: (one: T) => number, newcomer: number): T | undefined {
  let last: T | undefined;
  let rank = newcomer;
  for (const one of those) {
    const its = rankOf(one);
    if (its < rank || its === newcomer) continue;
    [last, rank] = [one, its];
  }
  return last;
}
