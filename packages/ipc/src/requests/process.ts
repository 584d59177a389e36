// The daemon's own process: its end, its successor.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { text, via } from "./arguments.ts";

export interface StopResult {
  readonly name: string;
  readonly room: string;
}

/** Whether it leaves; if so, it does when the connection ends. */
export interface HandOverResult {
  readonly leaving: boolean;
}

export const processRequests = {
  /** Leaves the room and stops the daemon. */
  stop: defineRequest({
    args: z.object({ via }),
    result: gives<StopResult>(),
    who: "anyone",
  }),
  /**
   * A successor of this version asks to take over; `again`: from a daemon of the same version too. Never changes with `v`.
   */
  handOver: defineRequest({
    args: z.object({ version: text, again: z.boolean() }),
    result: gives<HandOverResult>(),
    who: "anyone",
  }),
} as const;
