// Directed events that a recipient's daemon never confirmed: kept for it for a time and up to a number, then given up, and
// their author is told. Otherwise one who left for good would hold the author's history and memory for ever. [DELIVER-5]
import type { Clock, Log } from "@agora/ports";
import { stampParts } from "@agora/protocol";
import { isUndelivered } from "@agora/room";
import type { Store } from "../store.ts";

/** How long an event waits for a recipient, where the settings don't say. */
const DEFAULT_DAYS = 90;
/** How many events may wait; beyond, the oldest are given up. */
export const MAX_UNDELIVERED = 10_000;

const DAY_MS = 24 * 3_600_000;
const LOOK_EVERY_MS = 60_000;

/**
 * Looks now and each minute; `gaveUp` hears how many events for a member were given up by now, and why the last one. Days are those of the
 * room's stamps: a clock of this machine that jumps gives nothing up.
 */
export function giveUpUndelivered(options: {
  readonly store: Store;
  readonly days: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly gaveUp: (member: string, events: number, why: string) => void;
}): void {
  const { store, clock, log, days = DEFAULT_DAYS } = options;
  const tooOld = `was not here for ${days} ${days === 1 ? "day" : "days"}`;
  const tooMany = `was away while more than ${MAX_UNDELIVERED} messages waited`;

  const counts = new Map<string, number>();

  const look = (): void => {
    const oldest = stampParts(store.state.stamp)[0] - days * DAY_MS;
    const waiting = Object.values(store.state.outbox).filter(
      (e) => e.state === "relayed" && Object.values(e.recipients).some(isUndelivered),
    );
    const over = waiting.length - MAX_UNDELIVERED;
    const news = new Map<string, string>();
    for (const [index, { id, stamp = store.state.stamp, recipients }] of waiting.entries()) {
      const why = stampParts(stamp)[0] < oldest ? tooOld : index < over ? tooMany : undefined;
      if (why === undefined) continue;
      for (const member of Object.keys(recipients).filter((name) => isUndelivered(recipients[name]!))) {
        const reason = `@${member} ${why}: it is not kept for them any longer`;
        if (!store.out({ op: "receipt", at: clock.now(), id, member, state: "expired", reason }).ok) return;
        counts.set(member, (counts.get(member) ?? 0) + 1);
        news.set(member, why);
      }
    }
    for (const [member, why] of news) {
      log.info("gave-up", { member, events: counts.get(member)! });
      options.gaveUp(member, counts.get(member)!, why);
    }
  };
  look();
  clock.every(LOOK_EVERY_MS, look);
}
