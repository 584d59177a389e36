// Ports with bad luck: each call is answered at once, soon or late and in any order; it fails before it had its effect, or after;
// and followers hear late, though in order.
import { fail } from "@agora/protocol";
import type { Answer, Outcome } from "../../src/ports/answer.ts";
import type { LogFollower } from "../../src/ports/event-log.ts";
import type { RelayPorts } from "../../src/ports/ports.ts";

/** A number from 0 to below 1, and the next one at the next call. */
export type Chance = () => number;

/** The same numbers for the same seed. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Ports over others, and the hand that lets things happen. */
export class ChancePorts implements RelayPorts {
  readonly events: RelayPorts["events"];
  readonly names: RelayPorts["names"];
  readonly bus: RelayPorts["bus"];
  /** How likely a call fails; 0 ends all trouble but slowness. */
  failing = 0.2;
  /** What is still to happen: effects and answers in any order, what followers hear in its own. */
  readonly #pending: (() => void)[] = [];
  readonly #unheard: (() => void)[] = [];
  readonly #followers = new Set<LogFollower>();
  readonly #chance: Chance;

  constructor({ events, names, bus }: RelayPorts, chance: Chance) {
    this.#chance = chance;
    this.events = {
      append: (room, list) => this.#call(() => events.append(room, list)),
      find: (room, key, id) => this.#call(() => events.find(room, key, id)),
      read: (room, after) => this.#call(() => events.read(room, after)),
      follow: (room, follower) => {
        this.#followers.add(follower);
        return this.#call(() => events.follow(room, this.#slowly(follower)));
      },
    };
    this.names = {
      claim: (what, ttlMs, isRenewal) => this.#call(() => names.claim(what, ttlMs, isRenewal)),
      release: (what) => this.#call(() => names.release(what)),
    };
    this.bus = {
      publish: (room, lines) => this.#call(() => bus.publish(room, lines)),
      to: (room, name, letter) => this.#call(() => bus.to(room, name, letter)),
      follow: (room, follower) => this.#call(() => bus.follow(room, follower)),
    };
  }

  /** How much is still to happen. */
  get pending(): number {
    return this.#pending.length + this.#unheard.length;
  }

  /** Lets one thing happen. */
  step(): void {
    if (this.#chance() < 0.5) this.#unheard.shift()?.();
    else this.#pending.splice(Math.floor(this.#chance() * this.#pending.length), 1)[0]?.();
  }

  /** All followers of the log hear nothing any more. */
  lose(): void {
    this.#unheard.length = 0;
    for (const follower of [...this.#followers]) {
      this.#followers.delete(follower);
      follower.lost();
    }
  }

  #slowly(follower: LogFollower): LogFollower {
    return {
      heard: (event) => {
        const tell = (): void => {
          if (this.#followers.has(follower)) follower.heard(event);
        };
        if (this.#unheard.length === 0 && this.#chance() < 0.5) tell();
        else this.#unheard.push(tell);
      },
      lost: () => follower.lost(),
    };
  }

  #call<T>(run: () => Answer<T>): Answer<T> {
    const luck = this.#chance();
    const failed: Outcome<T> = fail("unavailable", "bad luck");
    if (luck < this.failing / 2) return this.#chance() < 0.5 ? failed : this.#later(() => failed);
    if (luck < this.failing) {
      const done = run();
      return this.#later(() => (done instanceof Promise ? done.then(() => failed) : failed));
    }
    if (luck < 0.4) return run();
    if (luck < 0.7) return this.#later(run);
    const done = run();
    return this.#later(() => done);
  }

  #later<T>(run: () => Answer<T>): Promise<Outcome<T>> {
    return new Promise((resolve) => this.#pending.push(() => resolve(run())));
  }
}
