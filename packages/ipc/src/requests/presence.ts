// Who is here, who one is oneself, and what one is busy with.
import * as z from "zod/mini";
import type { GrantRole, SeatFacts } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import type { ConnectionState } from "./connection.ts";
import { text, via } from "./arguments.ts";

export interface Member {
  readonly name: string;
  readonly you: boolean;
  readonly online: boolean;
  readonly since?: number;
  readonly key: string;
  readonly grant?: GrantRole;
  readonly kind?: "person" | "agent";
  readonly owner?: string;
  readonly client?: string;
  readonly host?: string;
  readonly dir?: string;
  readonly branch?: string;
  readonly status?: string;
  readonly mode?: "manual" | "auto";
  readonly seats: readonly SeatFacts[];
  /** The channels it is in now, when it is in any. */
  readonly channels?: readonly string[];
  /** Nothing was heard of it for long; it is not put out for that. */
  readonly idle?: true;
  /** An operator holds it. */
  readonly paused?: true;
  /** The key it shows now is not the one pinned: everything from it is refused until `trust`. */
  readonly keyChanged?: boolean;
}

/** When the model of an own seat last showed that a way to reach it works. */
export interface ProvenRung {
  readonly seat: string;
  readonly rung: string;
  readonly at: number;
}

export interface WhoResult {
  readonly room: string;
  readonly you: string;
  readonly connection: ConnectionState;
  readonly members: readonly Member[];
  /** How many more are known and away. */
  readonly left?: number;
  /** As in `status`. */
  readonly rungs?: readonly ProvenRung[];
}

export interface WhoamiResult {
  readonly name: string;
  readonly key: string;
  readonly room: string;
  readonly relay: string;
  readonly seat?: string;
  readonly mode: "manual" | "auto";
  readonly grant?: GrantRole;
}

export interface BusyResult {
  readonly text?: string;
}

export const presenceRequests = {
  /** Those here, those needed, a few of those who left; `all`: everybody known; `name`: those whose names begin so. */
  who: defineRequest({
    args: z.object({ all: z.optional(z.boolean()), name: z.optional(text) }),
    result: gives<WhoResult>(),
    who: "anyone",
    console: true,
    gateway: true,
    shown: {},
  }),
  whoami: defineRequest({
    args: z.object({}),
    result: gives<WhoamiResult>(),
    who: "anyone",
    console: true,
    gateway: true,
    shown: {},
  }),
  /** Tells the room what this member is busy with; without a text, nothing any more. */
  busy: defineRequest({
    args: z.object({ via, text: z.optional(text) }),
    result: gives<BusyResult>(),
    who: "anyone",
    console: true,
  }),
} as const;
