// Why a member's events are not accepted now: an operator's decision, its rate, or an earlier event that must come first.
import type { RelayContext } from "./context.ts";
import { type Member, roleOf } from "./member.ts";
import type { Counted } from "./room-rates.ts";

const SENTENCES = {
  stopped: "An operator has stopped this room: nothing is sent until it is reset.",
  paused: "An operator has paused this room: the event waits until it is resumed.",
} as const;

/** How long a relay waits for an event it refused as `busy` before it accepts later ones of the same author. [BUSY-2] */
const AWAITED_MS = 10_000;

/** Why something is not accepted. */
export interface Brake {
  readonly code: "stopped" | "paused" | "rate" | "busy";
  readonly sentence: string;
  readonly retryAfterMs?: number;
}

/**
 * The operator's decision because of which this member's events are not accepted now. An operator's events always are,
 * unless the operator is paused itself.
 */
export function brakeOf(by: Member): Brake | undefined {
  const { controls } = by.room;
  const code = roleOf(by) === "operator" ? undefined : controls.brake;
  if (code !== undefined) return { code, sentence: SENTENCES[code] };
  return controls.isPaused(by.name, by.key)
    ? { code: "paused", sentence: "An operator has paused you: the event waits until you are resumed." }
    : undefined;
}

/** Takes a token from the member's rate; returns why the event is not accepted now if there is none. [RATE-1] */
export function hasteOf(relay: RelayContext, by: Member, what: Counted): Brake | undefined {
  const retryAfterMs = by.room.bucket(by, what, relay.config.limits.rate).take(relay.clock.steady());
  if (retryAfterMs === 0) return undefined;
  const things = what === "deliver" ? "deliveries" : "events";
  return { code: "rate", sentence: `Too many ${things} at once: try again in ${retryAfterMs} ms.`, retryAfterMs };
}

/** The refusal of something the relay can't do now. [BUSY-1] */
export function busyFor(retryAfterMs: number): Brake {
  return {
    code: "busy",
    sentence: "The relay can't do that for the moment: it is tried again by itself.",
    retryAfterMs,
  };
}

/**
 * Records that a member's event was refused as `busy`: the first such event must come again before later ones are accepted.
 * [BUSY-2]
 */
export function awaitAgain(relay: RelayContext, by: Member, id: string): void {
  const now = relay.clock.steady();
  const first = by.awaited !== undefined && by.awaited.untilMs > now ? by.awaited.id : id;
  by.awaited = { id: first, untilMs: now + AWAITED_MS };
}

/** Whether this event must wait for an earlier one of its author. When the earlier one arrives, that ends. */
export function isAwaitingAnother(relay: RelayContext, by: Member, id: string): boolean {
  const { awaited } = by;
  if (awaited === undefined) return false;
  if (awaited.id !== id && awaited.untilMs > relay.clock.steady()) return true;
  by.awaited = undefined;
  return false;
}
