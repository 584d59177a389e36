// The end of a run: all events are everywhere, but receipts and second stamps may still be on their way.
import { setTimeout as sleep } from "node:timers/promises";
import { ARRIVED, type Known } from "./judge.ts";
import type { SoakNetwork } from "./test-network.ts";

const PATIENCE_MS = 60_000;
const LOOK_MS = 50;
/** For what nobody can see on its way. */
const AFTERWARDS_MS = 3_000;

/** Waits until what was said last is confirmed everywhere and has one stamp; what does not come about is the judge's to tell. */
export async function settled(town: SoakNetwork, said: { readonly known: Known; look(): unknown }): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  const isSettled = async (): Promise<boolean> => {
    said.look();
    return areInOrder(town, said.known) && (await areConfirmed(town));
  };
  while (performance.now() < end && !(await isSettled())) await sleep(LOOK_MS);
  await sleep(AFTERWARDS_MS);
}

async function areConfirmed(town: SoakNetwork): Promise<boolean> {
  for (const member of town.members) {
    const status = await (await member.daemon()).request("status", {});
    if (!status.ok || status.value.queued > 0) return false;
    const deliveries = status.value.events.flatMap((event) => event.deliveries);
    if (deliveries.some(({ state }) => !ARRIVED.has(state))) return false;
  }
  return true;
}

function areInOrder(town: SoakNetwork, known: Known): boolean {
  return [...known.keys()].every((id) => {
    const stamps = town.members.flatMap(({ journal }) => journal.events.get(id)?.stamp ?? []);
    return new Set(stamps).size <= 1;
  });
}
