// What recipients say of one's own events: believed only of what was addressed to them, under the key that was meant, and
// kept only when it says more than is known.
import type { Pins } from "@agora/user-config";
import type { Clock } from "@agora/ports";
import { advances, type Receipt } from "@agora/protocol";
import { isNews, recipientOf } from "../delivery.ts";
import { addressedKey } from "./own-event.ts";
import type { AllHooks } from "../hooks.ts";
import type { Persons } from "../persons.ts";
import type { Store } from "../store.ts";
import { createRewordRate } from "./reword-rate.ts";

export interface ReceiptsHeard {
  take(from: string, key: string, receipts: readonly Receipt[]): void;
}

/** Creates the handler of incoming receipts. [RECEIPT-4] */
export function createReceiptsHeard(options: {
  readonly store: Store;
  readonly pins: Pins;
  readonly persons: Pick<Persons, "isSame">;
  readonly hooks: Pick<AllHooks, "kinship">;
  readonly clock: Clock;
}): ReceiptsHeard {
  const { store, pins, clock } = options;
  const mayReword = createRewordRate(clock);
  const takeOne = (from: string, key: string, { id, state, reason, seat, at }: Receipt): void => {
    const own = Object.hasOwn(store.state.outbox, id) ? store.state.outbox[id] : undefined;
    const now = own === undefined ? undefined : recipientOf(own, from);
    if (own === undefined || now === undefined || !isNews(now, { state, at })) return;
    const meant = addressedKey(store, own, from) ?? pins.get(from)?.key;
    if (meant !== key && (meant === undefined || !options.persons.isSame(from, meant, key))) return; // [DEVICE-8]
    if (options.hooks.kinship(from, key) === "former") return;
    if (
      now.gaveUp !== true &&
      !advances(now.state, state) &&
      ((now.reason === reason && now.seat === seat) || !mayReword(from))
    )
      return;
    const more = { ...(reason === undefined ? {} : { reason }), ...(seat === undefined ? {} : { seat }) };
    store.out({ op: "receipt", at, id, member: from, state, ...more });
  };
  return {
    take(from, key, receipts) {
      for (const receipt of receipts) takeOne(from, key, receipt);
    },
  };
}
