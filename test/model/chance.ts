// Chance from a seed: what a walk does by chance it does again with the same seed.
import type { Weather } from "./wire.ts";

/** Numbers from 0 up to 1, the same ones for a seed. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Weather by chance, while it is bad; else frames only take their time. */
export function weatherBy(random: () => number, isBad: () => boolean): Weather {
  return {
    delay: () => (isBad() && random() < 0.1 ? 1 + random() * 2_000 : 1 + random() * 20),
    drops: () => isBad() && random() < 0.3,
    repeats: () => isBad() && random() < 0.1,
  };
}
