// A relay on ports that a test holds in its hand, on a clock that it moves.
import { manualClock, type ManualClock } from "@agora/ports/testing";
import type { FromRelay } from "@agora/protocol";
import { DEFAULT_RELAY_CONFIG } from "../src/config.ts";
import { memoryPorts } from "../src/memory/ports.ts";
import type { Relay } from "../src/relay.ts";
import { HandledPorts } from "./ports/hand.ts";
import { openRelay, type RawMember } from "./raw-member.ts";

export interface Handled {
  readonly relay: Relay;
  readonly hand: HandledPorts;
  readonly clock: ManualClock;
}

/** Starts one. */
export async function openHandled(config: Parameters<typeof openRelay>[0] = {}): Promise<Handled & AsyncDisposable> {
  const clock = manualClock();
  const hand = new HandledPorts(memoryPorts(DEFAULT_RELAY_CONFIG.ring, clock));
  const relay = await openRelay(config, { clock, ports: hand });
  return { relay, hand, clock, [Symbol.asyncDispose]: () => relay.close() };
}

export type Answered = Extract<FromRelay, { type: "stamped" | "refused" }>;
/** Whether a frame answers a post. */
export const isAnswer = (frame: FromRelay): frame is Answered => frame.type === "stamped" || frame.type === "refused";
/** The id of an event. */
export const idOf = (sealed: { readonly head: string }): string => (JSON.parse(sealed.head) as { id: string }).id;
/** What has come so far of these types, in order. */
export const seen = (member: RawMember, ...types: FromRelay["type"][]): FromRelay[] =>
  member.frames.filter((frame) => types.includes(frame.type));
