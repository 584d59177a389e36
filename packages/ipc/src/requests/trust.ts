// Trusting a member's new key.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { text, via } from "./arguments.ts";

export interface TrustResult {
  readonly name: string;
  readonly key: string;
  readonly changed: boolean;
}

export const trustRequests = {
  /** Repins a member's key: a person's word only. */
  trust: defineRequest({
    args: z.object({ via, name: text }),
    result: gives<TrustResult>(),
    who: "person",
    refusal: "Only the person may trust a new key: ask them to type the trust command.",
    console: true,
  }),
} as const;
