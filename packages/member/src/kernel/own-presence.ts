// What this member tells of itself now, told again soon after it changed.
import type { Clock } from "@agora/ports";
import type { Facts, SeatFacts } from "@agora/protocol";
import type { AllHooks } from "./hooks.ts";

export interface OwnPresence {
  readonly facts: () => Facts;
  /** Something changed: the room hears of it, changes of a moment at once. */
  readonly tellSoon: () => void;
}

const TELL_WITHIN_MS = 100;

/** What the place tells that a member is in, with its mode and its seats. */
export type CollectFacts = (now: { readonly mode: "manual" | "auto"; readonly seats: readonly SeatFacts[] }) => Facts;

/** Creates what tells the room; `more` is told instead of what the place says. */
export function createOwnPresence(options: {
  readonly hooks: Pick<AllHooks, "facts">;
  readonly collect: CollectFacts;
  readonly more: Partial<Facts> | undefined;
  readonly clock: Clock;
  readonly send: (facts: Facts) => void;
}): OwnPresence {
  let cancel: (() => void) | undefined;
  const facts = (): Facts => {
    const { mode = "manual", seats = [], ...told } = options.hooks.facts();
    return { ...options.collect({ mode, seats }), ...told, ...options.more };
  };
  return {
    facts,
    tellSoon() {
      cancel ??= options.clock.after(TELL_WITHIN_MS, () => {
        cancel = undefined;
        options.send(facts());
      });
    },
  };
}
