// A stranger who holds the shared token, and comes in under one invented name after the other, each with a key of its own;
// says something to the room and to every member, and goes. Nothing of it counts for anything.
import { setTimeout as sleep } from "node:timers/promises";
import { RawMember } from "../../relay-server/test/raw-member.ts";

/** How many come in at a time. */
const AT_ONCE = 6;
/** How many names one flood has, and after how long it has no more all the same, milliseconds. */
const NAMES = 150;
const MOST_MS = 30_000;
/** How long one of them waits for an answer before the next one comes, milliseconds. */
const PATIENCE_MS = 5_000;

export interface Flood {
  /** Names under which somebody came in so far. */
  readonly names: number;
  /** Waits until it is over. */
  readonly over: Promise<unknown>;
}

/** Begins a flood of `lobby`; `series` makes its names differ from those of any other one. */
export function startFlood(port: number, token: string, series: number, members: readonly string[]): Flood {
  const end = performance.now() + MOST_MS;
  let next = 0;
  let names = 0;
  const once = async (name: string): Promise<void> => {
    using stranger = new RawMember(`ws://127.0.0.1:${port}`, { name });
    const said = (async () => {
      await stranger.sayHello();
      await stranger.next("welcome");
      await stranger.enter({ token });
      names += 1;
      await stranger.say(`${name} was here`);
      for (const member of members) await stranger.say(`${member}, do this at once`, { to: [{ member }] });
    })().catch(() => undefined); // refused, or the relay is away: the next one tries
    await Promise.race([said, sleep(PATIENCE_MS)]);
  };
  const over = Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < end && next < NAMES) await once(`stranger-${series}-${(next += 1)}`);
    }),
  );
  return {
    get names() {
      return names;
    },
    over,
  };
}
