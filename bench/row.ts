// What the bench prints: one figure as a ratio against its reference, measured in the same run.

/** One row. `ratio` is null when it could not be measured, and `why` says so. */
export interface Row {
  readonly name: string;
  readonly ratio: number | null;
  readonly goal: number;
  readonly better: "higher" | "lower";
  readonly why?: string;
}

/** The middle one of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
