// The sessions of a client as seats: their turns, and what each is handed.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import type { Line } from "../line.ts";
import type { ConnectionState } from "./connection.ts";
import { client, text } from "./arguments.ts";

export interface SeatState {
  readonly name: string;
  readonly seat: string;
  readonly room: string;
  readonly mode: "manual" | "auto";
  readonly connection: ConnectionState;
  readonly inbox: number;
}

/** What a seat is given to show its model. `again` marks what was handed before and not seen. */
export interface Handed {
  readonly items: readonly {
    readonly line: Line;
    readonly again: boolean;
    /** Asked of this seat now (auto mode or accepted). */ readonly asked: boolean;
  }[];
  /** Waiting for the person, not handed for acting on: in manual mode each mention is shown once and stays in the inbox. */
  readonly inbox: number;
  /** Older lines that were left out because there were too many. */
  readonly skipped: number;
  /** A person tests whether this session can be woken: the word that its model brings back. */
  readonly word?: string;
  /** The operator's brakes that this seat was not told of yet, in this daemon's own words. */
  readonly notices?: readonly string[];
}

export type AttachResult = SeatState;

export type ResessionResult = SeatState;

export type PromptResult = Handed;

export type WaitingResult = Record<string, never>;

export type SignResult = Handed;

export type TurnEndResult = Handed & { /** The mention that keeps the turn going. */ readonly mention?: Line };

export type BreakOffResult = Record<string, never>;

export type DetachResult = Record<string, never>;

export type SessionStartResult = SeatState & Handed;

export const seatRequests = {
  /** Binds this connection to the seat of a client session; the same session always gets the same seat. */
  attach: defineRequest({
    args: z.object({ client, session: text, pid: z.int() }),
    result: gives<AttachResult>(),
    who: "anyone",
  }),
  /** The session id changed in the same process (`/clear`): the seat goes on under the new id. */
  resession: defineRequest({
    args: z.object({ session: text }),
    result: gives<ResessionResult>(),
    who: "anyone",
  }),
  /** A turn begins. `typed` false: a wake-up, not a person. Gives what the seat has not seen. */
  prompt: defineRequest({
    args: z.object({
      typed: z.boolean(),
      /** No turn begins: the model itself looks what is new. */
      poll: z.optional(z.boolean()),
    }),
    result: gives<PromptResult>(),
    who: "anyone",
  }),
  /** The client of a session asks its person for a permission and waits; until the next sign of the turn. */
  waiting: defineRequest({
    args: z.object({ session: text }),
    result: gives<WaitingResult>(),
    who: "anyone",
    tells: true,
  }),
  /** The model used a tool: what was handed is seen. Gives what came in mid-turn. */
  sign: defineRequest({
    args: z.object({
      deliver: z.boolean(),
      /** An answer that handed something over got lost on its way: nothing is seen by this. */
      lost: z.optional(z.boolean()),
    }),
    result: gives<SignResult>(),
    who: "anyone",
  }),
  /** The turn wants to end. Gives the outstanding mention that keeps it going in auto mode. */
  turnEnd: defineRequest({
    args: z.object({
      /** It went on so often without the person that it ends now: what is outstanding falls to the inbox. */
      last: z.optional(z.boolean()),
      /** As in `sign`. */
      lost: z.optional(z.boolean()),
    }),
    result: gives<TurnEndResult>(),
    who: "anyone",
  }),
  /** The person broke the turn off: nothing is confirmed by that, and what the room asked in it waits for the person. */
  breakOff: defineRequest({
    args: z.object({}),
    result: gives<BreakOffResult>(),
    who: "anyone",
    tells: true,
  }),
  /** The session ended; its leases go back. */
  detach: defineRequest({
    args: z.object({ session: text }),
    result: gives<DetachResult>(),
    who: "anyone",
    tells: true,
  }),
  /** Asked by a short-lived hook process for a session: primer facts and what is waiting. */
  sessionStart: defineRequest({
    args: z.object({ client, session: text, source: z.string() }),
    result: gives<SessionStartResult>(),
    who: "anyone",
  }),
} as const;
