// Waking an idle session, and testing that it can be woken.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { seconds, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

export interface AwaitWakeResult {
  readonly wake: boolean;
  readonly count: number;
  readonly from: readonly string[];
}

export interface ProbeWakeResult {
  readonly seat: string;
  readonly proven: boolean;
  readonly reason?: string;
}

export interface BringWordResult {
  readonly known: boolean;
}

export const wakingRequests = {
  /** Held open by a waiter; resolves when that session should be woken. */
  awaitWake: defineRequest({
    args: z.object({ session: text }),
    result: gives<AwaitWakeResult>(),
    who: "anyone",
    waits: true,
  }),
  /** A person tests whether a seat can be woken: the woken session is shown `word`. */
  probeWake: defineRequest({
    args: z.object({ via, seat: text, word: text, timeoutS: seconds }),
    result: gives<ProbeWakeResult>(),
    who: "person",
    refusal: personOnlyWords("doctor --wake", "terminal"),
    waits: true,
  }),
  /** The attached session's model returns a test's word. */
  bringWord: defineRequest({
    args: z.object({ word: text }),
    result: gives<BringWordResult>(),
    who: "anyone",
  }),
} as const;
