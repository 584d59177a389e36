// How many automatic turns one author, and one pair of sessions, may cause here, whatever their events say of hops and chains.
import type { Clock } from "@agora/ports";

/** So many at once, then one a minute. An author may speak by several sessions; a pair is one of them and one of ours. */
const AUTHOR_BURST = 8;
const PAIR_BURST = 6;
/** And all together to whom nothing was said from here yet: a name more costs them nothing. */
const STRANGERS_BURST = 16;
const REFILL_MS = 60_000;
/** Authors and pairs remembered, each. */
const MAX_KNOWN = 1_000;

export interface TurnBounds {
  /** Takes one turn; why not, in words, when there is none. */
  take(
    author: string,
    theirSeat: string | undefined,
    ourSeat: string | undefined,
    isStranger?: boolean,
  ): string | undefined;
  /** A person lets a chain go on: so many turns more may be caused, by whoever. */
  give(turns: number): void;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Creates the bounds, all of them unused. */
export function createTurnBounds(clock: Clock): TurnBounds {
  const authors = new Map<string, Bucket>();
  const pairs = new Map<string, Bucket>();
  const strangers = new Map<string, Bucket>();
  let given = 0;

  const bucketOf = (buckets: Map<string, Bucket>, name: string, burst: number): Bucket => {
    const now = clock.steady();
    const bucket = buckets.get(name) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / REFILL_MS);
    bucket.at = now;
    buckets.delete(name);
    buckets.set(name, bucket);
    if (buckets.size > MAX_KNOWN) buckets.delete(buckets.keys().next().value!);
    return bucket;
  };

  return {
    take(author, theirSeat, ourSeat, isStranger = false) {
      const byAuthor = bucketOf(authors, author, AUTHOR_BURST);
      const byPair = bucketOf(pairs, `${author}/${theirSeat ?? ""} ${ourSeat ?? ""}`, PAIR_BURST);
      const byStrangers = isStranger ? bucketOf(strangers, "", STRANGERS_BURST) : undefined;
      const isSpent = byStrangers !== undefined && byStrangers.tokens < 1;
      if (byAuthor.tokens >= 1 && byPair.tokens >= 1 && !isSpent) {
        byAuthor.tokens -= 1;
        byPair.tokens -= 1;
        if (byStrangers !== undefined) byStrangers.tokens -= 1;
      } else if (given > 0) given -= 1;
      else if (isSpent) return "too many automatic turns for members who are new here";
      else return `too many automatic turns ${byAuthor.tokens < 1 ? "for this author" : "between these two"}`;
      return undefined;
    },
    give(turns) {
      given = turns;
    },
  };
}
