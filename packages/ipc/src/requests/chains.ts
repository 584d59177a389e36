// Chains of automatic turns, and allowing one to go on.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { once, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

/** One chain: the automatic turns that followed from something a person typed. */
export interface ChainState {
  /** The id of its first event. */
  readonly chain: string;
  readonly thread?: string;
  readonly turns: number;
  readonly limit: number;
  readonly stopped: boolean;
  /** The members whose agents took the latest turns, in order. */
  readonly path: readonly string[];
  /** A detected loop, in words. */
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
  /** Gives a chain that hit its limit more automatic turns (as many again by default); for a person only. */
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
