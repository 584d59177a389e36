// Delivery states: how far a directed event has come towards one recipient, and the receipts by which the recipient's daemon
// tells the author. From `stored` on, that daemon owns the state.
import * as z from "zod/mini";
import { idSchema, memberSchema } from "./event.ts";
import { isSeatName } from "./names.ts";

/**
 * In order: waiting at the author's, passed on by the relay, in the recipient's journal, waiting for a person, given to a
 * session, seen by its model; then an end: expired, refused with a reason, or answered. [RECEIPT-1]
 */
export const DELIVERY_STATES = [
  "queued",
  "relayed",
  "stored",
  "held",
  "handed",
  "seen",
  "expired",
  "rejected",
  "answered",
] as const;

export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One recipient's report on one event. */
export const receiptSchema = z.object({
  id: idSchema,
  state: z.enum(["stored", "held", "handed", "seen", "answered", "rejected", "expired"]),
  reason: z.optional(z.string().check(z.maxLength(200))),
  seat: z.optional(z.string().check(z.refine(isSeatName))),
  /** Between devices of one person: the member whose receipt it is. [DEVICE-13] */
  member: z.optional(memberSchema),
  at: z.int(),
});

export type Receipt = z.infer<typeof receiptSchema>;

const rank = (state: DeliveryState): number => DELIVERY_STATES.indexOf(state);

/** Whether `next` may follow `now`: a state never goes back, so receipts may arrive twice and in any order. [RECEIPT-2] */
export function advances(now: DeliveryState, next: DeliveryState): boolean {
  return rank(next) > rank(now);
}

/** Whether nothing more can follow this state. */
export function isFinal(state: DeliveryState): boolean {
  return rank(state) >= rank("expired");
}
