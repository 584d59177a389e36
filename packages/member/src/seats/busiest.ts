// Which of this member's sessions an agent speaks for that has no seat of its own.
import type { Kernel } from "../kernel/kernel.ts";
import type { Seat } from "./fold.ts";

/** The seat an agent's shell speaks for when it can't be told: the one whose chain is longest, so that no bound is evaded. */
export function busiest({ store }: Pick<Kernel, "store">): Seat | undefined {
  return Object.values(store.state.seats)
    .filter((s) => !s.ended)
    .sort((a, b) => b.hop - a.hop)[0];
}
