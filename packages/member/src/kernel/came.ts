// By which grant a key came in under which name, as the relay told it: a ban bars the grant too, for all who did not come by it
// before. It outlives the daemon, or an operator's ban after a restart would leave the invite open.
import { type Bounds, putBounded } from "./bounded.ts";

/** Somebody who was here, and the id of the grant it came with. */
export interface Came {
  readonly name: string;
  readonly key: string;
  readonly grantId: string;
}

/** By name and key; plain JSON. */
export type CameBy = Record<string, Came>;

/** Who comes by an invite that names nobody can invent names: they push out others who came by the same one, nobody else. */
const BOUNDS: Bounds<Came, "all"> = {
  pools: { all: { most: 2_000, each: 500 } },
  placeOf: ({ grantId }) => ({ pool: "all", filler: grantId }),
};

/** Folds one coming, in place. */
export function foldCame(came: CameBy, { name, key, grantId }: Came): void {
  putBounded(came, keyOf(name, key), { name, key, grantId }, BOUNDS);
}

/** How somebody came; undefined: by a token, or not known. */
export function cameBy(came: CameBy, name: string, key: string): Came | undefined {
  const known = keyOf(name, key);
  return Object.hasOwn(came, known) ? came[known] : undefined;
}

function keyOf(name: string, key: string): string {
  return `${name} ${key}`;
}
