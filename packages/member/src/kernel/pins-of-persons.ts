// Pins as they are asked in a room: a name is known by a key, and by the other keys of the same person.
import type { Pins } from "@agora/user-config";
import type { AllHooks } from "./hooks.ts";

/** A key that is the same person's is none that changed. [KEYCHAIN-7] */
export function pinsOfPersons(pins: Pins, hooks: Pick<AllHooks, "kinship">): Pins {
  return {
    ...pins,
    pin(name, key, sight) {
      const pinned = pins.pin(name, key, sight);
      return pinned === "changed" && hooks.kinship(name, key) !== undefined ? "same" : pinned;
    },
  };
}
