// Which of a person's devices hands a mention to a session: one, the same for all of them. It is decided by what the relay tells of
// presence, since every device is told that alike. Pure.
import type { PresentDevice } from "@agora/protocol";
import type { Item } from "./fold.ts";

type Wanted = Pick<Item, "seat">;

/**
 * The key of the device that hands an item over: one with a session that can be woken comes before one with a session, and that before
 * one without; of equals the one that is there longest, so that a newcomer takes nothing from a device that has not heard of it
 * yet, and then the one with the lowest key. [DEVICE-10]
 */
export function wakingDevice(devices: readonly PresentDevice[], item: Wanted): string | undefined {
  const [first, ...rest] = devices;
  if (first === undefined) return undefined;
  return rest.reduce((best, device) => (isBefore(device, best, item) ? device : best), first).key;
}

function isBefore(a: PresentDevice, b: PresentDevice, item: Wanted): boolean {
  const [mine, theirs] = [rankOf(a, item), rankOf(b, item)];
  if (mine !== theirs) return mine > theirs;
  return a.since === b.since ? a.key < b.key : a.since < b.since;
}

function rankOf({ facts }: PresentDevice, { seat: wanted }: Wanted): number {
  if (facts?.mode !== "auto") return 0;
  const fitting = (facts.seats ?? []).filter(({ seat, connected }) => connected && (wanted ?? seat) === seat);
  if (fitting.some(({ reachable }) => reachable)) return 2;
  return fitting.length > 0 ? 1 : 0;
}
