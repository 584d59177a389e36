// Directed events that a recipient's daemon never confirmed: waited for during a time and up to a number, then given up, and
// their author is told. Otherwise one who left for good would hold the author's history and memory for ever. [DELIVER-5]
import type { Clock, Log } from "@agora/ports";
import { stampParts } from "@agora/protocol";
import { isUndelivered, type OwnEvent } from "../delivery.ts";
import type { Store } from "../store.ts";

export interface Undelivered {
  /** This daemon is not in the room any more. */
  lost(): void;
  /** What was given up and not heard of since, one sentence for each member. */
  sentences(): readonly string[];
}

/** How long an event waits for a recipient, where the settings don't say. */
const DEFAULT_DAYS = 90;
/** How many events may wait; beyond, the oldest are given up. */
export const MAX_UNDELIVERED = 10_000;
/** Who was away itself gives the others so long to confirm what waited for them. */
export const JOINED_FOR_MS = 60 * 60_000;

const DAY_MS = 24 * 3_600_000;
const LOOK_EVERY_MS = 60_000;
/** Given up at one look: each is a line of the journal. */
const AT_ONCE = 500;

/**
 * Looks each minute while this daemon is in the room. An event is old when both the room's stamps and this machine's clock
 * say so, as neither gives anything up alone when it jumps, and when whoever is there had an hour to confirm it.
 */
export function giveUpUndelivered(options: {
  readonly store: Store;
  readonly days: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly isJoined: () => boolean;
  readonly changed: () => void;
}): Undelivered {
  const { store, clock, log, days = DEFAULT_DAYS } = options;
  const tooOld = `for ${days} ${days === 1 ? "day" : "days"}`;
  const tooMany = `while more than ${MAX_UNDELIVERED} messages waited`;
  let joinedSince: number | undefined;

  const isOld = ({ at, stamp = store.state.stamp }: OwnEvent): boolean =>
    clock.now() - at > days * DAY_MS && stampParts(store.state.stamp)[0] - stampParts(stamp)[0] > days * DAY_MS;

  const look = (): void => {
    if (!options.isJoined()) return;
    joinedSince ??= clock.steady();
    const hadTime = clock.steady() - joinedSince >= JOINED_FOR_MS;
    const waiting = Object.values(store.state.outbox).filter(
      (e) => e.state === "relayed" && Object.values(e.recipients).some(isUndelivered),
    );
    const over = waiting.length - MAX_UNDELIVERED;
    const due = waiting.filter((event, index) => index < over || (hadTime && isOld(event)));
    for (const event of due.slice(0, AT_ONCE)) {
      const how = hadTime && isOld(event) ? tooOld : tooMany;
      for (const [member, recipient] of Object.entries(event.recipients)) {
        if (!isUndelivered(recipient)) continue;
        const reason = `@${member} did not take it in ${how}: it is not waited for any longer`;
        const word = { id: event.id, member, state: "expired", reason, gaveUp: true } as const;
        if (store.out({ op: "receipt", at: clock.now(), ...word }).ok) log.info("gave-up", { id: event.id, member });
      }
    }
    if (due.length > 0) options.changed();
  };
  clock.every(LOOK_EVERY_MS, look);

  return {
    lost() {
      joinedSince = undefined;
    },
    sentences() {
      const given = new Map<string, { readonly events: number; readonly last: string }>();
      for (const { preview, recipients } of Object.values(store.state.outbox))
        for (const [member, { gaveUp }] of Object.entries(recipients))
          if (gaveUp === true) given.set(member, { events: (given.get(member)?.events ?? 0) + 1, last: preview });
      return [...given].map(([member, { events, last }]) =>
        events === 1
          ? `@${member} did not take in what you said ("${last}"): it is not waited for any longer.`
          : `@${member} did not take in ${events} messages of yours (the last: "${last}"): they are not waited for any longer.`,
      );
    },
  };
}
