// The memory of all rooms' rings, limited in bytes. Over the limit, the fullest pay: rings are classed by the power of two
// of their size, and one of the highest class forgets its oldest event. However full one room gets, a small room doesn't
// lose its past.

/** A ring as the budget sees it. */
export interface Payer {
  /** Its size in memory, bytes. */
  readonly weight: number;
  /** Forgets its oldest event; false if it has none. */
  forgetFirst(): boolean;
}

/** The shared limit of many rings. */
export class RingBudget {
  readonly maxBytes: number;
  readonly #classes: Set<Payer>[] = Array.from({ length: 33 }, () => new Set());
  readonly #known = new Map<Payer, { class: number; weight: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** The size of all rings now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Records that a ring has grown or shrunk; over the limit, the fullest forget. */
  changed(ring: Payer): void {
    this.#note(ring);
    while (this.#bytes > this.maxBytes) {
      const payer = this.#fullest();
      if (payer === undefined || !payer.forgetFirst()) return;
      this.#note(payer);
    }
  }

  /** Records that a ring is gone. */
  gone(ring: Payer): void {
    const known = this.#known.get(ring);
    if (known === undefined) return;
    this.#known.delete(ring);
    this.#classes[known.class]!.delete(ring);
    this.#bytes -= known.weight;
  }

  #note(ring: Payer): void {
    const { weight } = ring;
    const its = 32 - Math.clz32(weight);
    let known = this.#known.get(ring);
    if (known === undefined) {
      known = { class: its, weight: 0 };
      this.#known.set(ring, known);
      this.#classes[its]!.add(ring);
    } else if (known.class !== its) {
      this.#classes[known.class]!.delete(ring);
      this.#classes[its]!.add(ring);
      known.class = its;
    }
    this.#bytes += weight - known.weight;
    known.weight = weight;
  }

  #fullest(): Payer | undefined {
    for (let its = this.#classes.length - 1; its > 0; its -= 1) {
      for (const ring of this.#classes[its]!) return ring;
    }
    return undefined;
  }
}
