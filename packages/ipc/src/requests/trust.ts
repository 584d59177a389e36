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

export const trustRequests = {
  /** Repins a member's key; for a person only. */
  trust: defineRequest({
    args: z.object({ via, name: text }),
    result: gives<TrustResult>(),
    who: "person",
    refusal: personOnlyWords("trust"),
    console: true,
  }),
} as const;
