// Whether the daemon is in the room, and how it is doing.
import * as z from "zod/mini";
import type { Limits, SeatFacts } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import type { FileState } from "../file-state.ts";
import type { Delivery } from "../line.ts";
import type { ProvenRung } from "./presence.ts";
import { text } from "./arguments.ts";

export interface ConnectionState {
  readonly state: "joined" | "connecting" | "refused" | "stopped";
  readonly relay: string;
  readonly room: string;
  readonly name: string;
  readonly reason?: string;
  readonly retryInMs?: number;
}

export interface ReadyResult {
  readonly name: string;
  readonly room: string;
  readonly relay: string;
  readonly mode: "manual" | "auto";
  readonly online: readonly string[];
  /** The key that the relay proved. */
  readonly relayKey?: string;
}

export interface StatusResult {
  readonly daemon: {
    readonly pid: number;
    readonly version: string;
    readonly startedAt: number;
    readonly project: string;
  };
  readonly connection: ConnectionState;
  readonly mode: "manual" | "auto";
  readonly hopLimit: number;
  readonly inbox: number;
  /** All that waits for the person, as `attention` lists it. */
  readonly waits?: number;
  readonly queued: number;
  readonly seats: readonly SeatFacts[];
  /** Our latest directed events (or the requested one), newest first. */
  readonly events: readonly {
    readonly id: string;
    readonly thread: string;
    readonly text: string;
    readonly at: number;
    readonly state: "queued" | "relayed" | "rejected";
    readonly reason?: string;
    readonly deliveries: readonly Delivery[];
    readonly file?: FileState;
  }[];
  readonly notices: readonly string[];
  /** The room's limits, as told by the relay. */
  readonly limits?: Limits;
  /** The largest file that may be sent or taken here, bytes. */
  readonly maxFileBytes?: number;
  /** When a seat's model last showed signs of what each wake method delivered: wake, stop, tool, prompt. */
  readonly rungs: readonly ProvenRung[];
}

export const connectionRequests = {
  /** Resolves once joined, or fails with the reason why not. */
  ready: defineRequest({
    args: z.object({ timeoutMs: z.number() }),
    result: gives<ReadyResult>(),
    who: "anyone",
    waits: true,
  }),
  status: defineRequest({
    args: z.object({ id: z.optional(text) }),
    result: gives<StatusResult>(),
    who: "anyone",
    console: true,
    gateway: true,
    shown: {},
  }),
} as const;
