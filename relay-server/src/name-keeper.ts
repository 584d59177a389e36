// The names that members of this relay hold, by the port that all relays of these rooms share. A name is believed to be held no
// longer than its last renewal says, so that it is given up here before it can be another's elsewhere.
import type { Clock } from "@agora/ports";
import { HEARTBEAT_MS, ok } from "@agora/protocol";
import { answered, type Outcome, whenAnswered } from "./ports/answer.ts";
import type { Holder, NameClaim, Names } from "./ports/names.ts";

/** How long a name stays claimed without being renewed, milliseconds: it is renewed at every heartbeat. */
const CLAIM_TTL_MS = 3 * HEARTBEAT_MS;

/** A name that is held. */
export interface HeldName extends NameClaim {
  /** Until then no other key can have it, on the steady clock. */
  untilMs: number;
  isReleased: boolean;
}

/** Claims, renews and gives back names. */
export class NameKeeper {
  readonly #names: Names;
  readonly #clock: Clock;
  readonly #life: string;
  #claims = 0;

  /** `life`: a word that no other relay has. */
  constructor(names: Names, clock: Clock, life: string) {
    this.#names = names;
    this.#clock = clock;
    this.#life = life;
  }

  /** Takes a name; undefined when another key has it. */
  async take(room: string, name: string, key: string): Promise<Outcome<HeldName | undefined>> {
    const what: NameClaim = { room, name, key, claim: `${this.#life}-${(this.#claims += 1)}` };
    const asked = this.#clock.steady();
    // One that was given up as failed and is held after all would keep the name from everybody else.
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

  /** Renews a name. `lost`: it is another's. `runningOut`: that failed, and it may be another's before the next heartbeat. */
  renew(held: HeldName, on: { readonly lost: (to: Holder) => void; readonly runningOut: (why: string) => void }): void {
    const asked = this.#clock.steady();
    const take = (outcome: Outcome<Holder>): void => {
      if (held.isReleased) return this.#giveBack(held); // it may have been renewed behind its release
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

  /** Gives a name back. One that can't be given back now is free when its time is over. */
  release(held: HeldName): void {
    if (held.isReleased) return;
    held.isReleased = true;
    this.#giveBack(held);
  }

  #giveBack(what: NameClaim): void {
    whenAnswered(this.#names.release(what), this.#clock, () => undefined);
  }
}
