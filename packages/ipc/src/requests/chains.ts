// Chains of automatic turns, and giving one more of them.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { once, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

/** One chain: what followed by automatic turns from something a person typed. */
export interface ChainState {
  /** The id of the event it began with. */
  readonly chain: string;
  readonly thread?: string;
  readonly turns: number;
  readonly limit: number;
  readonly stopped: boolean;
  /** The members whose agents took the latest turns, in order. */
  readonly path: readonly string[];
  /** A loop that shows, in words. */
  readonly pattern?: string;
}

export interface MoreResult {
  readonly chain: string;
  readonly turns: number;
  readonly limit: number;
}

export interface ChainsResult {
  readonly chains: readonly ChainState[];
}

export const chainRequests = {
  /** Gives a chain that came to its limit more automatic turns (default: as many again); a person's vias only. */
  more: defineRequest({
    args: z.object({ via, thread: text, turns: z.optional(z.int().check(z.positive())), once }),
    result: gives<MoreResult>(),
    who: "person",
    refusal: personOnlyWords("more"),
    console: true,
  }),
  /** The latest chains of automatic turns, for a view of who addresses whom and where it loops. */
  chains: defineRequest({
    args: z.object({}),
    result: gives<ChainsResult>(),
    who: "anyone",
    console: true,
    shown: {},
  }),
} as const;
