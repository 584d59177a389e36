// The names held by members of this relay, through the port shared by all relays of these rooms. A name counts as held no
// longer than its last renewal says, so it is given up here before it can belong to anybody elsewhere.
import type { Clock } from "@agora/ports";
import { HEARTBEAT_MS, ok } from "@agora/protocol";
import { answered, type Outcome, whenAnswered } from "./ports/answer.ts";
import type { Holder, NameClaim, Names } from "./ports/names.ts";

/** How long a name stays claimed without being renewed, milliseconds: it is renewed at every heartbeat. */
const CLAIM_TTL_MS = 3 * HEARTBEAT_MS;

/** A held name. */
export interface HeldName extends NameClaim {
  /** No other owner can have it before this time, by the steady clock. */
  untilMs: number;
  isReleased: boolean;
}

/** Claims, renews and releases names. */
export class NameKeeper {
  readonly #names: Names;
  readonly #clock: Clock;
  readonly #life: string;
  #claims = 0;

  /** `life`: an id that no other relay has. */
  constructor(names: Names, clock: Clock, life: string) {
    this.#names = names;
    this.#clock = clock;
    this.#life = life;
  }

  /** Claims a name; undefined when another owner has it. */
  async take(room: string, name: string, key: string, owner: string): Promise<Outcome<HeldName | undefined>> {
    const what: NameClaim = { room, name, key, owner, claim: `${this.#life}-${(this.#claims += 1)}` };
    const asked = this.#clock.steady();
    // A claim that was given up as failed but took effect would keep the name from everybody else.
    const claimed = await answered(this.#names.claim(what, CLAIM_TTL_MS, false), this.#clock, () =>
      this.#giveBack(what),
    );
    if (!claimed.ok) {
      this.#giveBack(what);
      return claimed;
    }
    if (claimed.value.claim !== what.claim) return ok(undefined);
    return ok({ ...what, untilMs: asked + CLAIM_TTL_MS, isReleased: false });
  }

  /**
   * Renews a name. `lost`: it belongs to another. `runningOut`: renewing failed, and it may belong to another before the
   * next heartbeat.
   */
  renew(held: HeldName, on: { readonly lost: (to: Holder) => void; readonly runningOut: (why: string) => void }): void {
    const asked = this.#clock.steady();
    const take = (outcome: Outcome<Holder>): void => {
      if (held.isReleased) return this.#giveBack(held); // it may have been renewed after its release
      if (!outcome.ok) {
        if (held.untilMs - this.#clock.steady() <= HEARTBEAT_MS) on.runningOut(outcome.message);
      } else if (outcome.value.claim !== held.claim) {
        on.lost(outcome.value);
      } else {
        held.untilMs = Math.max(held.untilMs, asked + CLAIM_TTL_MS);
      }
    };
    whenAnswered(this.#names.claim(held, CLAIM_TTL_MS, true), this.#clock, take, take);
  }

  /** Releases a name. If that fails now, the name is free when its time is up. */
  release(held: HeldName): void {
    if (held.isReleased) return;
    held.isReleased = true;
    this.#giveBack(held);
  }

  #giveBack(what: NameClaim): void {
    whenAnswered(this.#names.release(what), this.#clock, () => undefined);
  }
}
