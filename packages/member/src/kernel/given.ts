// Receipts that were given, kept so that an author who was away can be told again. Whoever addresses us fills this: what strangers
// are told pushes out nothing that those were told whom we talked with.
import type { Receipt } from "@agora/protocol";
import type { Standing } from "./authors.ts";
import { type Bounds, putBounded } from "./bounded.ts";

/** The last word on one event. */
export interface GivenReceipt {
  readonly author: string;
  readonly receipt: Receipt;
  /** Who the author was to this member then; receipts of earlier versions have none. */
  readonly standing?: Standing;
  /** Who had handed the author on, and pays. */
  readonly by?: string;
}

/** By the event's id; plain JSON. */
export type Given = Record<string, GivenReceipt>;

type Circle = "known" | "strangers" | "handed";

const BOUNDS: Bounds<GivenReceipt, Circle> = {
  pools: {
    known: { most: 500, each: 250 },
    strangers: { most: 300, each: 50 },
    handed: { most: 200, each: 50 },
  },
  placeOf({ author, standing = "met", by }) {
    if (standing === "handed") return { pool: "handed", filler: by ?? author };
    return { pool: standing === "here" ? "strangers" : "known", filler: author };
  },
};

/** Keeps a receipt as the latest, in place. */
export function foldGiven(given: Given, { author, receipt, standing, by }: GivenReceipt): void {
  const whose = { ...(standing === undefined ? {} : { standing }), ...(by === undefined ? {} : { by }) };
  putBounded(given, receipt.id, { author, receipt, ...whose }, BOUNDS);
}

/**
 * Up to which time a receipt that was given may be forgotten, unix milliseconds; `-Infinity`: none is. An event that came later than
 * that and has no receipt was given none.
 */
export function forgottenUpTo(given: Given): number {
  const oldest = new Map<string, { count: number; at: number }>();
  const most = new Map<string, number>();
  for (const [id, entry] of Object.entries(given)) {
    const { pool, filler } = BOUNDS.placeOf(entry, id);
    for (const [name, bound] of [
      [pool, BOUNDS.pools[pool].most],
      [`${pool} ${filler}`, BOUNDS.pools[pool].each],
    ] as const) {
      const known = oldest.get(name) ?? { count: 0, at: Infinity };
      oldest.set(name, { count: known.count + 1, at: Math.min(known.at, entry.receipt.at) });
      most.set(name, bound);
    }
  }
  return [...oldest].reduce(
    (to, [name, { count, at }]) => (count >= most.get(name)! ? Math.max(to, at) : to),
    -Infinity,
  );
}
