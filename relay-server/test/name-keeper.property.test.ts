// Whatever luck the names' port has, and however late it is, two owners never hold one name at the same moment at two relays.
import { manualClock, type ManualClock } from "@agora/ports/testing";
import { HEARTBEAT_MS } from "@agora/protocol";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memoryPorts } from "../src/memory/ports.ts";
import { type HeldName, NameKeeper } from "../src/name-keeper.ts";
import { ChancePorts, chanceOf } from "./ports/chance.ts";

const ROOM = "lobby";
const NAMES = ["alice", "bob"];
/** Two keys of one person, and two of their own. */
const OWNERS = { "key-1": "a person", "key-2": "a person", "key-3": "key-3", "key-4": "key-4" };
const KEYS = Object.keys(OWNERS) as (keyof typeof OWNERS)[];

/** A relay as far as it holds names. */
class Holder {
  readonly held = new Set<HeldName>();
  taken = 0;
  readonly #keeper: NameKeeper;

  constructor(ports: ChancePorts, clock: ManualClock, life: string) {
    this.#keeper = new NameKeeper(ports.names, clock, life);
  }

  take(name: string, key: keyof typeof OWNERS): void {
    void this.#keeper.take(ROOM, name, key, OWNERS[key]).then((taken) => {
      if (!taken.ok || taken.value === undefined) return;
      this.held.add(taken.value);
      this.taken += 1;
    });
  }

  leave(): void {
    const first = [...this.held][0];
    if (first !== undefined) this.#end(first);
  }

  beat(): void {
    for (const held of this.held) {
      const end = (): void => this.#end(held);
      this.#keeper.renew(held, { lost: end, runningOut: end });
    }
  }

  #end(held: HeldName): void {
    this.held.delete(held);
    this.#keeper.release(held);
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const step = fc.record({
  what: fc.constantFrom("take", "take", "leave", "happen", "happen", "happen", "wait", "wait"),
  at: fc.nat(1),
  name: fc.constantFrom(...NAMES),
  key: fc.constantFrom(...KEYS),
  ms: fc.constantFrom(10, 1_000, 6_000, 20_000),
});

test("a name has one owner at every moment [JOIN-4] [BUSY-4]", async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.array(step, { minLength: 20, maxLength: 120 }), async (seed, steps) => {
      const clock = manualClock();
      const ports = new ChancePorts(memoryPorts({ bytes: 1, events: 1 }, clock), chanceOf(seed));
      const relays = ["a", "b"].map((life) => new Holder(ports, clock, life));
      const look = (): void => {
        for (const name of NAMES) {
          const holders = relays.flatMap(({ held }) => [...held].filter((one) => one.name === name));
          expect(new Set(holders.map(({ owner }) => owner)).size, `holders of ${name}`).toBeLessThanOrEqual(1);
        }
      };
      for (const [i, relay] of relays.entries())
        clock.after(i * 9_000, () => clock.every(HEARTBEAT_MS, () => relay.beat()));
      for (const { what, at, name, key, ms } of steps) {
        if (what === "take") relays[at]!.take(name, key);
        else if (what === "leave") relays[at]!.leave();
        else if (what === "happen") ports.step();
        // No time passes at once in which a timer would have been heard of.
        else
          for (let left = ms; left > 0; left -= 1_000) {
            clock.advance(Math.min(left, 1_000));
            await settle();
            look();
          }
        await settle();
        look();
      }
      taken += relays.reduce((sum, relay) => sum + relay.taken, 0);
    }),
    { numRuns: 150 },
  );
  expect(taken).toBeGreaterThan(150);
});
