// Who is here, who this member is, and what it is busy with.
import * as z from "zod/mini";
import type { GrantRole, SeatFacts } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import type { ConnectionState } from "./connection.ts";
import type { AllowResult, PlaceMode } from "./inbox.ts";
import { text, via } from "./arguments.ts";

/** One of the devices that a member is here with. */
export interface DeviceHere {
  readonly key: string;
  /** What its person calls it, if it was shown whose device it is. */
  readonly name?: string;
  readonly host?: string;
  readonly since: number;
  /** It is the one that answers. */
  readonly this?: true;
}

export interface Member {
  readonly name: string;
  readonly you: boolean;
  readonly online: boolean;
  readonly since?: number;
  /** When it was last seen here, if it is away and this is known. */
  readonly awaySince?: number;
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
  /** The devices it is here with, if those are several. */
  readonly devices?: readonly DeviceHere[];
  /** The channels it is in now, if any. */
  readonly channels?: readonly string[];
  /** Not heard of for long; it isn't removed for that. */
  readonly idle?: true;
  /** By this member's own rules, what it says waits for the person and wakes no agent. */
  readonly onlyLeavesWord?: true;
  /** The root key of the person whose member it is, if that was shown. */
  readonly root?: string;
  /** This user compared that root with that person. */
  readonly verified?: true;
  /** An operator has paused it. */
  readonly paused?: true;
  /** Its present key isn't the pinned one: everything from it is refused until `trust`. */
  readonly keyChanged?: boolean;
}

/** When the model of one of our seats last showed that a way to reach it works. */
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
  /** How many more are known but away. */
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
  /** The devices that this member is here with, if those are several. */
  readonly devices?: readonly DeviceHere[];
  /** Who may wake an agent of this member, where that is not everybody. */
  readonly allow?: Omit<AllowResult, "changed">;
  /** Channels and threads with a mode of their own. */
  readonly places?: readonly PlaceMode[];
}

export interface BusyResult {
  readonly text?: string;
}

export const presenceRequests = {
  /** Those here, those needed, a few of those who left; `all`: everybody known; `name`: those whose names begin with it. */
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
  /** Tells the room what this member is busy with; without a text, clears it. */
  busy: defineRequest({
    args: z.object({ via, text: z.optional(text) }),
    result: gives<BusyResult>(),
    who: "anyone",
    console: true,
  }),
} as const;
