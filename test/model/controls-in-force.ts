// What operators have decided, as one member's journals have it.
import type { Store } from "@agora/member";
import { actInForce, decidedThings } from "@agora/member";

/** The act in force for each thing decided. */
export function brakesOf(store: Store | undefined): Readonly<Record<string, string | undefined>> {
  const controls = store?.state.controls ?? {};
  return Object.fromEntries(decidedThings(controls).map((what) => [what, actInForce(controls, what)]));
}
