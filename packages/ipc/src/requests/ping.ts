// A sign of life from a member's daemon.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { text, via } from "./arguments.ts";

/** `ms` is absent when no answer came in time. */
export interface PingResult {
  readonly name: string;
  readonly online: boolean;
  readonly ms?: number;
}

export const pingRequests = {
  /** Asks a member's daemon for a sign of life. */
  ping: defineRequest({
    args: z.object({ via, member: text, timeoutMs: z.optional(z.number()) }),
    result: gives<PingResult>(),
    who: "anyone",
    console: true,
    waits: true,
  }),
} as const;
