// A walk of the model with persons.
import { closingFaults } from "./persons-closing.ts";
import { PersonsWorld } from "./persons-network.ts";
import { faultsOf } from "./persons-promises.ts";
import { type Step, take } from "./persons-steps.ts";

/** Everybody is back: so soon everything is as it should be. */
const RECOVERY_MS = 80_000;
const LOOK_EVERY_MS = 2_000;
const MAX_TOLD = 5;

/** Walks the steps, brings everybody back, and gives what is not as it should be, and how long it was waited for. */
export async function walk(
  seed: number,
  steps: readonly Step[],
): Promise<{ faults: readonly string[]; waitedMs: number }> {
  const world = new PersonsWorld(seed);
  await world.begin();
  for (const one of steps) await take(world, one);
  await world.settle();
  let faults: readonly string[] = faultsOf(world);
  let waitedMs = 0;
  for (; faults.length > 0 && waitedMs < RECOVERY_MS; waitedMs += LOOK_EVERY_MS) {
    world.insist();
    await world.timeline.run(LOOK_EVERY_MS);
    faults = faultsOf(world);
  }
  if (faults.length === 0) faults = await closingFaults(world);
  for (const { member } of world.devices) member.die(false);
  return { faults: faults.slice(0, MAX_TOLD), waitedMs };
}
