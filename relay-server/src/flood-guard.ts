// How many useless frames one connection may send before it is closed: far more than an honest client sends, far fewer than
// would do harm.
import type { ErrorCode, Rate } from "@agora/protocol";
import { TokenBucket } from "./rate-limit.ts";

/** Frames that can't be understood. [FLOOD-1] */
const BAD_FRAMES: Rate = { burst: 100, perSecond: 100 / 60 };
/** Frames refused because of their rate: an honest client waits as told. [FLOOD-1] */
const HASTY_FRAMES: Rate = { burst: 1_000, perSecond: 20 };
/** Frames of any kind. [FLOOD-2] */
const ALL_FRAMES: Rate = { burst: 20_000, perSecond: 2_000 };
const UNLIMITED: Rate = { burst: 0, perSecond: 0 };

/** The buckets of one connection. */
export class FloodGuard {
  readonly #all: TokenBucket;
  #bad: TokenBucket | undefined;
  #hasty: TokenBucket | undefined;

  /** If neither agents nor people have a rate, frames have none either. */
  constructor({ agent, user }: { readonly agent: Rate; readonly user: Rate }, now: number) {
    this.#all = new TokenBucket(agent.burst === 0 && user.burst === 0 ? UNLIMITED : ALL_FRAMES, now);
  }

  /** Counts a frame; true if it is one too many. */
  isOneTooMany(now: number): boolean {
    return this.#all.take(now) > 0;
  }

  /** Counts a refusal; true if the client carries on as if it had not been refused. */
  goesOn(code: ErrorCode, now: number): boolean {
    if (code === "rate") return (this.#hasty ??= new TokenBucket(HASTY_FRAMES, now)).take(now) > 0;
    if (code !== "bad-frame" && code !== "unknown-type") return false;
    return (this.#bad ??= new TokenBucket(BAD_FRAMES, now)).take(now) > 0;
  }
}
