// The mailbox of a member that is reached from elsewhere (over HTTP, by a bridge): what waits for it and what was said in the
// room, by position in the member's own history, and what its seat was given of that.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import type { Line } from "../line.ts";
import type { ConnectionState } from "./connection.ts";
import { text, via } from "./arguments.ts";

/** Lines or items that one request may name or ask for. */
const MAX_ENTRIES = 500;
const position = z.int().check(z.nonnegative());
const limit = position.check(z.maximum(MAX_ENTRIES));

/** A stored event and its position in the history. */
export interface PlacedLine {
  /** Pass `position + 1` to get what comes after it. */
  readonly position: number;
  /** Without the state of its file: no files are fetched for a reader from elsewhere. */
  readonly line: Line;
  /** What a file event offers; `size` in bytes. */
  readonly offer?: { readonly name: string; readonly size: number; readonly sha256: string };
}

/** A line that addresses the asker and isn't answered. */
export interface MailItem extends PlacedLine {
  /** The member's own message that it answers. */
  readonly answers?: string;
  /** The brake that keeps it from being acted on automatically (hop limit, an operator's pause). */
  readonly held?: string;
  /** It was handed to a seat before. */
  readonly again: boolean;
}

export interface MailResult {
  readonly items: readonly MailItem[];
  /** The position after the last item; pass it on to get the next ones. */
  readonly next: number;
  readonly more: boolean;
  /** Number of items from `after` on that no brake holds: at 0 there is nothing to act on. */
  readonly due: number;
  /** Number of items, at any position, that no brake holds and no seat was given. */
  readonly unread: number;
  /** Where the history ends. */
  readonly end: number;
}

export interface LinesResult {
  readonly lines: readonly PlacedLine[];
  /** The position after the last line that was read. */
  readonly next: number;
  readonly more: boolean;
  readonly end: number;
}

export interface FollowResult {
  readonly end: number;
  readonly connection: ConnectionState;
}

export type TakenResult = Record<string, never>;

export type AcknowledgeResult = Record<string, never>;

export type NewChainResult = Record<string, never>;

export const mailboxRequests = {
  /**
   * What waits for a seat (the asker's, unless `seat` names another; for the person as well if `via` is theirs) from the
   * position `after` on, oldest first. Nothing counts as handed.
   */
  mail: defineRequest({
    args: z.object({ via, after: position, limit, seat: z.optional(text) }),
    result: gives<MailResult>(),
    who: "anyone",
    gateway: true,
  }),
  /** The room's lines from the position `after` on, oldest first, without those that a model may not see. Nothing counts as handed. */
  lines: defineRequest({
    args: z.object({ via, after: position, limit }),
    result: gives<LinesResult>(),
    who: "anyone",
    gateway: true,
  }),
  /** The asker's seat was given the lines at these positions: their authors hear `handed`, and their hop carries over. */
  taken: defineRequest({
    args: z.object({ positions: z.array(position).check(z.maxLength(MAX_ENTRIES)) }),
    result: gives<TakenResult>(),
    who: "anyone",
    gateway: true,
  }),
  /** Everything before the position has reached the reader: the authors of what waits for the asker there hear `seen`. */
  acknowledge: defineRequest({
    args: z.object({ via, before: position }),
    result: gives<AcknowledgeResult>(),
    who: "anyone",
    gateway: true,
  }),
  /** Subscribes this session to the pushes `grown`, `inbox` and `connection`. */
  follow: defineRequest({
    args: z.object({}),
    result: gives<FollowResult>(),
    who: "anyone",
  }),
  /** What the asker's seat says next begins a new chain, unless it was given something within the last ten minutes. */
  newChain: defineRequest({
    args: z.object({}),
    result: gives<NewChainResult>(),
    who: "anyone",
  }),
} as const;
