// Statements about keys, as they came: each once per member who brought it, bounded for each of them. What they amount to is worked
// out in ring.ts. Signatures were checked before.
import { type KeyClaims, readStatement, type SignedEvent } from "@agora/protocol";
import type { Author } from "../kernel/authors.ts";
import { type Bounds, putBounded } from "../kernel/bounded.ts";

/** A statement, and who brought it; plain JSON. */
export interface HeldStatement {
  readonly jws: string;
  readonly claims: KeyClaims;
  /** The key of the member who brought it. */
  readonly by: string;
  /** Whoever pays for it, if a stranger brought it: that key, or the name of the member who handed it on. */
  readonly stranger?: string;
  /** The event that it came in, and its stamp: given to newcomers whatever its age. */
  readonly event?: SignedEvent;
  readonly stamp?: string;
}

/** Statements by `<key of who brought it> <signature>`, in the order they came. */
export type HeldStatements = Record<string, HeldStatement>;

/** What comes of a statement. */
export interface StatementRecord {
  readonly jws: string;
  readonly by: string;
  readonly handedBy?: string | undefined;
  readonly event?: SignedEvent | undefined;
  readonly stamp?: string | undefined;
}

/** Statements that one member may bring: more push out that one's own oldest, and nobody else's. [KEYCHAIN-9] */
export const MAX_PER_CARRIER = 64;
const BOUNDS: Bounds<HeldStatement, "known" | "strangers"> = {
  pools: {
    known: { most: 4_000, each: MAX_PER_CARRIER },
    strangers: { most: 1_000, each: MAX_PER_CARRIER, mostPay: true },
  },
  placeOf: ({ by, stranger }) =>
    stranger === undefined ? { pool: "known", filler: by } : { pool: "strangers", filler: stranger },
};

/** Where a statement has its place. */
export function placeOf({ jws, by }: Pick<StatementRecord, "jws" | "by">): string {
  return `${by} ${signatureOf(jws)}`;
}

/** What tells a statement from all others. */
export function signatureOf(jws: string): string {
  return jws.slice(jws.lastIndexOf(".") + 1);
}

/** Whether a statement is there already, and so is the event that brings it. */
export function isHeld(held: HeldStatements, record: StatementRecord): boolean {
  const known = held[placeOf(record)];
  return known !== undefined && (known.event !== undefined || record.event === undefined);
}

/**
 * Folds one statement, in place.
 *
 * @param who what is known of a member, by key
 */
export function foldStatement(
  held: HeldStatements,
  record: StatementRecord,
  who: (key: string) => Pick<Author, "standing"> | undefined,
): void {
  const { jws, by, handedBy, event, stamp } = record;
  const place = placeOf(record);
  const known = held[place];
  const came = event === undefined ? {} : { event, ...(stamp === undefined ? {} : { stamp }) };
  if (known !== undefined) {
    if (known.event === undefined) held[place] = { ...known, ...came }; // it keeps its turn
    return;
  }
  const claims = readStatement(jws);
  if (claims === undefined) return;
  const standing = who(by)?.standing;
  const isKnown = standing === "own" || standing === "met";
  const entry = { jws, claims, by, ...(isKnown ? {} : { stranger: handedBy ?? by }), ...came };
  putBounded(held, place, entry, BOUNDS);
}
