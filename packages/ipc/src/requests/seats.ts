// A client's sessions as seats: their turns, and what each is handed.
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

/** What a seat should show its model. `again` marks what was handed before but not seen. */
export interface Handed {
  readonly items: readonly {
    readonly line: Line;
    readonly again: boolean;
    /** Asked of this seat now (auto mode or accepted). */ readonly asked: boolean;
  }[];
  /**
   * Waiting for the person, not for the model to act on: in manual mode each mention is shown once and stays in the inbox.
   */
  readonly inbox: number;
  /** Older lines left out because there were too many. */
  readonly skipped: number;
  /** A person is testing whether this session can be woken: the word its model should return. */
  readonly word?: string;
  /** The operator's brakes this seat hasn't been told of yet, in this daemon's own words. */
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
  /** Binds this connection to a client session's seat; the same session always gets the same seat. */
  attach: defineRequest({
    args: z.object({ client, session: text, pid: z.int() }),
    result: gives<AttachResult>(),
    who: "anyone",
  }),
  /** The session id changed within the same process (`/clear`): the seat continues under the new id. */
  resession: defineRequest({
    args: z.object({ session: text }),
    result: gives<ResessionResult>(),
    who: "anyone",
  }),
  /** A turn begins. `typed` false: a wake-up, not a person. Returns what the seat hasn't seen. */
  prompt: defineRequest({
    args: z.object({
      typed: z.boolean(),
      /** No turn begins: the model checks for news by itself. */
      poll: z.optional(z.boolean()),
    }),
    result: gives<PromptResult>(),
    who: "anyone",
  }),
  /** A session's client is waiting for its person to grant a permission, until the turn's next sign of life. */
  waiting: defineRequest({
    args: z.object({ session: text, tool: z.optional(text) }),
    result: gives<WaitingResult>(),
    who: "anyone",
    tells: true,
  }),
  /** The model used a tool, so it has seen what was handed over. Returns what came in mid-turn. */
  sign: defineRequest({
    args: z.object({
      deliver: z.boolean(),
      /** A response that handed something over was lost on its way: nothing counts as seen. */
      lost: z.optional(z.boolean()),
    }),
    result: gives<SignResult>(),
    who: "anyone",
  }),
  /** The turn is about to end. Returns the outstanding mention that keeps it going in auto mode. */
  turnEnd: defineRequest({
    args: z.object({
      /** It has continued so often without the person that it ends now: outstanding mentions fall back to the inbox. */
      last: z.optional(z.boolean()),
      /** As in `sign`. */
      lost: z.optional(z.boolean()),
    }),
    result: gives<TurnEndResult>(),
    who: "anyone",
  }),
  /** The person interrupted the turn: nothing is confirmed, and what the room asked during it waits for the person. */
  breakOff: defineRequest({
    args: z.object({}),
    result: gives<BreakOffResult>(),
    who: "anyone",
    tells: true,
  }),
  /** The session ended; mentions it was handling are released. */
  detach: defineRequest({
    args: z.object({ session: text }),
    result: gives<DetachResult>(),
    who: "anyone",
    tells: true,
  }),
  /** Asked by a short-lived hook process on behalf of a session: primer facts and what is waiting. */
  sessionStart: defineRequest({
    args: z.object({ client, session: text, source: z.string() }),
    result: gives<SessionStartResult>(),
    who: "anyone",
  }),
} as const;
