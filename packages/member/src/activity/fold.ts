// Who said how much lately, and to whom. A fold over events in any order: the same events give the same counts. Strangers' seats
// push out nobody whom this member knows, nor one author's those of another.
import { type Head, kindOf, stampParts } from "@agora/protocol";
import type { Author } from "../kernel/authors.ts";
import { type Bounds, putBounded } from "../kernel/bounded.ts";
import { count, emptyTally, type Tally } from "./tally.ts";

/** A tally, and who pays for it: an author's key, or the name of the member who handed a stranger on. */
interface Paid extends Tally {
  readonly payer: string;
  readonly stranger?: true;
}

/** Tallies by `<member>/<seat>` (`<member>/` of what came from no seat), and by `<author> <recipient>` (nobody: everybody). */
export interface Activity {
  readonly seats: Record<string, Paid>;
  readonly pairs: Record<string, Paid>;
}

function boundsOf(most: number, each: number): Bounds<Paid, "known" | "strangers"> {
  return {
    pools: { known: { most, each }, strangers: { most, each, mostPay: true } },
    placeOf: ({ payer, stranger }) => ({ pool: stranger === true ? "strangers" : "known", filler: payer }),
  };
}

/** 50 members with 8 seats each fit, of those whom this member addressed as of those whom it only hears. */
const MAX_SEATS = 600;
const MAX_PAIRS = 1_500;
const SEATS = boundsOf(MAX_SEATS, 32);
const PAIRS = boundsOf(MAX_PAIRS, 60);
/** Recipients of one event that are counted. */
const MAX_RECIPIENTS = 20;

/** An event, its stamp, whether that is another member's word (`late`), and who handed its author on (`by`). */
interface Said {
  readonly head: Head;
  readonly stamp: string;
  readonly late?: true;
  readonly by?: string;
}

/** Nobody said anything. */
export function noActivity(): Activity {
  return { seats: {}, pairs: {} };
}

/**
 * Counts an event, in place; what is no talk counts nothing.
 *
 * @param who what is known of an author, by key
 */
export function foldActivity(
  { seats, pairs }: Activity,
  { head, stamp, late, by }: Said,
  who: (key: string) => Pick<Author, "standing"> | undefined,
): void {
  const kind = kindOf(head.kind);
  if (kind.silent === true || kind.service === true || head.kind === "control") return;
  const [stamped] = stampParts(stamp);
  // A stamp that another member told could be of any time: what the author signed bounds it.
  const at = late === true ? Math.min(stamped, head.time) : stamped;
  const isTurn = head.role === "agent" && head.hop > 0;
  const standing = who(head.key)?.standing;
  const payer =
    standing === "own" || standing === "met"
      ? { payer: head.key }
      : { payer: by === undefined || by === head.author ? head.key : by, stranger: true as const };
  put(seats, `${head.author}/${head.seat ?? ""}`, SEATS);
  for (const to of recipientsOf(head)) put(pairs, `${head.author} ${to}`, PAIRS);

  function put(tallies: Record<string, Paid>, key: string, bounds: typeof SEATS): void {
    const {
      payer: _,
      stranger: __,
      ...tally
    } = Object.hasOwn(tallies, key) ? tallies[key]! : { ...emptyTally(), payer: "" };
    count(tally, at, isTurn);
    putBounded(tallies, key, { ...tally, ...payer }, bounds);
  }
}

/** Whom it addresses; "" when that is everybody. */
function recipientsOf({ to }: Head): readonly string[] {
  return to.length === 0 ? [""] : [...new Set(to.map(({ member }) => member))].slice(0, MAX_RECIPIENTS);
}
