// What this member tells of itself now, told again soon after it changed.
import type { Clock } from "@agora/ports";
import type { Facts, SeatFacts } from "@agora/protocol";
import type { Seats } from "../seats/keeper.ts";
import type { Store } from "./store.ts";

export interface OwnPresence {
  facts(): Facts;
  /** Something changed: the room hears of it, changes of a moment at once. */
  tellSoon(): void;
}

const TELL_WITHIN_MS = 100;

/** What the place tells that a member is in, with its mode and its seats. */
export type CollectFacts = (now: { readonly mode: "manual" | "auto"; readonly seats: readonly SeatFacts[] }) => Facts;

/** Makes the teller; `more` is told instead of what the place says. */
export function createOwnPresence(options: {
  readonly store: Store;
  readonly seats: Pick<Seats, "facts">;
  readonly collect: CollectFacts;
  readonly mode: () => "manual" | "auto";
  readonly more: Partial<Facts> | undefined;
  readonly clock: Clock;
  readonly send: (facts: Facts) => void;
}): OwnPresence {
  const { store, seats } = options;
  let cancel: (() => void) | undefined;
  const facts = (): Facts => ({
    ...options.collect({ mode: options.mode(), seats: seats.facts() }),
    ...(store.state.doing === undefined ? {} : { status: store.state.doing }),
    ...options.more,
  });
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
