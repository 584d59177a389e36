// When a member was last seen here, for the directory: by this machine's clock, and only while this member was here itself.
import { putLatest } from "./latest.ts";

/** Somebody who left. */
export interface Gone {
  readonly name: string;
  readonly key: string;
  /** Unix milliseconds. */
  readonly at: number;
}

/** By name; plain JSON. */
export type GoneBy = Record<string, Gone>;

const MAX_GONE = 1_000;
/** A member that comes and goes is not written down each time. */
const NOT_AGAIN_MS = 60_000;

/** Folds one leaving, in place. */
export function foldGone(gone: GoneBy, one: Gone): void {
  putLatest(gone, one.name, one, MAX_GONE);
}

/** Whether a leaving is worth a line. */
export function isNews(gone: GoneBy, { name, key, at }: Gone): boolean {
  const known = Object.hasOwn(gone, name) ? gone[name] : undefined;
  return known === undefined || known.key !== key || Math.abs(at - known.at) > NOT_AGAIN_MS;
}
