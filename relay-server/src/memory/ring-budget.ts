// What the rings of all rooms take together, bounded in bytes. Over the bound the fullest pay: rings stand in classes by the power
// of two of their size, and one of the highest class forgets its oldest event. No room's filling costs a small room its past.

/** A ring as the budget sees it. */
export interface Payer {
  /** Bytes of memory it takes. */
  readonly weight: number;
  /** Forgets its oldest event; false when it has none. */
  forgetFirst(): boolean;
}

/** The common bound of many rings. */
export class RingBudget {
  readonly maxBytes: number;
  readonly #classes: Set<Payer>[] = Array.from({ length: 33 }, () => new Set());
  readonly #known = new Map<Payer, { class: number; weight: number }>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** What all rings take now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Notes that a ring has grown or shrunk; over the bound the fullest forget. */
  changed(ring: Payer): void {
    this.#note(ring);
    while (this.#bytes > this.maxBytes) {
      const payer = this.#fullest();
      if (payer === undefined || !payer.forgetFirst()) return;
      this.#note(payer);
    }
  }

  /** Notes that a ring is gone. */
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
