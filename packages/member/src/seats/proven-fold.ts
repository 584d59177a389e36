// The rungs that were proven, kept over the daemon's end: which, of which seat, and when last.
import type { WakeMethod } from "../inbox/fold.ts";
import { putLatest } from "../kernel/latest.ts";

export interface ProvenWakeMethod {
  readonly seat: string;
  readonly rung: WakeMethod;
  /** When the model last showed a sign of what came this way, unix milliseconds. */
  readonly at: number;
}

/** Rungs remembered, those proven last: four each of so many seats. */
export const MAX_PROVEN = 4 * 50;

export type Proven = Record<string, ProvenWakeMethod>;

/** What a rung is remembered by. */
export function provenKey({ seat, rung }: Pick<ProvenWakeMethod, "seat" | "rung">): string {
  return `${seat} ${rung}`;
}

/** Folds a proof, in place. */
export function foldProven(proven: Proven, { seat, rung, at }: ProvenWakeMethod): void {
  putLatest(proven, provenKey({ seat, rung }), { seat, rung, at }, MAX_PROVEN);
}
