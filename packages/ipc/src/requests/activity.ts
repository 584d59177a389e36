// Who does how much, seat by seat: what an operator's board and `agora top` show.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import { via } from "./arguments.ts";
import type { ChainState } from "./chains.ts";
import { personOnlyWords } from "../person-only.ts";

/** The spans that are counted in, by name: 5 and 15 minutes, an hour, a day. Each is rounded up to whole steps of its clock. */
export type Span = "m5" | "m15" | "h1" | "d1";

/** How often something happened in each span, up to now. */
export type Counts = Readonly<Record<Span, number>>;

/** One session of a member; without `seat` a member of whom no session is known. */
export interface SeatActivity {
  readonly member: string;
  readonly seat?: string;
  /** It belongs to this person. */
  readonly you: boolean;
  readonly kind?: "person" | "agent";
  readonly owner?: string;
  readonly online: boolean;
  readonly state: "working" | "permission" | "idle" | "paused" | "away";
  readonly status?: string;
  readonly branch?: string;
  readonly mode?: "manual" | "auto";
  /** Since when its member is here, or away. */
  readonly since?: number;
  /** What it said. */
  readonly messages: Counts;
  /** Of these, what it said by itself, in a chain. */
  readonly turns: Counts;
  /** The chain it took its latest turn in. */
  readonly chain?: Pick<ChainState, "chain" | "thread" | "turns" | "limit" | "stopped">;
  /** The loop it is in now, in words. */
  readonly loop?: string;
  /** Whose answers it waits for, as far as this member was told. */
  readonly waitsFor?: readonly string[];
  /** Messages to it that have not reached it yet, as far as this member knows. */
  readonly queued: number;
  /** When it was heard of last. */
  readonly lastSign?: number;
}

/** Who talks to whom; without `to` to everybody. */
export interface PairActivity {
  readonly from: string;
  readonly to?: string;
  readonly messages: Counts;
  readonly turns: Counts;
}

export interface ActivityResult {
  /** Loops first, then those who wait for a permission, then by what they said lately. */
  readonly seats: readonly SeatActivity[];
  /** Seats that are left out. */
  readonly left?: number;
  /** All that was said. */
  readonly room: { readonly messages: Counts; readonly turns: Counts };
  /** Most in a day first. */
  readonly pairs: readonly PairActivity[];
}

export const activityRequests = {
  /** Counts of turns and messages, from what this member has heard; for a person only. */
  activity: defineRequest({
    args: z.object({ via }),
    result: gives<ActivityResult>(),
    who: "person",
    refusal: personOnlyWords("top"),
    console: true,
    shown: {},
    shownEveryMs: 1_000,
  }),
} as const;
