// High-water marks: which seqs of an author's audience have arrived, as a few ranges. Gaps and duplicates show without a
// set of all ids.

/** Ranges of seqs that arrived, rising and apart: `[[1, 40], [42, 50]]` lacks 41. */
export type Ranges = readonly (readonly [from: number, to: number])[];

/** Marks by `<author key>|<audience>`; plain JSON, so that a checkpoint holds them. */
export type Marks = Record<string, Ranges>;

/** Ranges kept per audience; beyond, the two lowest become one and the gap between them is given up. */
export const MAX_RANGES = 64;

/** The key of one author's audience. */
export function markOf(key: string, audience: string): string {
  return `${key}|${audience}`;
}

/** Whether `seq` arrived before. */
export function hasSeq(ranges: Ranges | undefined, seq: number): boolean {
  return ranges?.some(([from, to]) => from <= seq && seq <= to) ?? false;
}

/** The ranges with `seq` in them. */
export function addSeq(ranges: Ranges = [], seq: number): Ranges {
  return hasSeq(ranges, seq) ? ranges : addRange(ranges, [seq, seq]);
}

/** The ranges with one more range in them. */
export function addRange(ranges: Ranges, range: readonly [from: number, to: number]): Ranges {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges, range].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  while (merged.length > MAX_RANGES) merged.splice(0, 2, [merged[0]![0], merged[1]![1]]);
  return merged;
}

/** The seqs missing between the first and the last that arrived. */
export function gapsOf(ranges: Ranges): Ranges {
  return ranges.slice(1).map(([from], i) => [ranges[i]![1] + 1, from - 1] as const);
}

/** What of `ranges` is not in `others`, which may come from a stranger: in any order, and a range that ends before it begins is none. */
export function subtract(ranges: Ranges, others: Ranges): Ranges {
  let rest: Ranges = ranges;
  for (const [from, to] of others) {
    if (from > to) continue;
    rest = rest.flatMap(([a, b]) => {
      if (b < from || to < a) return [[a, b] as const];
      const parts: (readonly [number, number])[] = [];
      if (a < from) parts.push([a, from - 1]);
      if (to < b) parts.push([to + 1, b]);
      return parts;
    });
  }
  return rest;
}
