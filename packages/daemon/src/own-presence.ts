// What this member tells of itself now, told again soon after it changed.
import type { Settings } from "@agora/home";
import type { Clock } from "@agora/ports";
import type { Facts } from "@agora/protocol";
import { collectFacts } from "./facts.ts";
import type { Seats } from "./seats.ts";
import type { Store } from "./store.ts";

export interface OwnPresence {
  facts(): Facts;
  /** Something changed: the room hears of it, changes of a moment at once. */
  tellSoon(): void;
}

const TELL_WITHIN_MS = 100;

/** Makes the teller; `more` is told instead of what the project says. */
export function createOwnPresence(options: {
  readonly store: Store;
  readonly seats: Pick<Seats, "facts">;
  readonly project: string;
  readonly settings: Pick<Settings, "share">;
  readonly mode: () => "manual" | "auto";
  readonly more: Partial<Facts> | undefined;
  readonly clock: Clock;
  readonly send: (facts: Facts) => void;
}): OwnPresence {
  const { store, seats, project, settings } = options;
  let cancel: (() => void) | undefined;
  const facts = (): Facts => ({
    ...collectFacts({ project, share: settings.share, mode: options.mode(), seats: seats.facts() }),
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
