// Trusting a member's new key.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

export interface TrustResult {
  readonly name: string;
  readonly key: string;
  readonly changed: boolean;
}

/** Both roots, from which both persons see the same words. */
export interface CompareResult {
  readonly name: string;
  readonly root: string;
  readonly ownRoot: string;
  readonly verified: boolean;
}

export interface ComparedResult extends CompareResult {
  readonly verified: true;
}

export const trustRequests = {
  /** Repins a member's key; for a person only. */
  trust: defineRequest({
    args: z.object({ via, name: text }),
    result: gives<TrustResult>(),
    who: "person",
    refusal: personOnlyWords("trust"),
    console: true,
  }),
  /** What a person and a member compare by voice. */
  compare: defineRequest({
    args: z.object({ name: text }),
    result: gives<CompareResult>(),
    who: "anyone",
    console: true,
  }),
  /** They did, and it was the same. */
  compared: defineRequest({
    args: z.object({ via, name: text }),
    result: gives<ComparedResult>(),
    who: "person",
    refusal: personOnlyWords("trust"),
    console: true,
  }),
} as const;
