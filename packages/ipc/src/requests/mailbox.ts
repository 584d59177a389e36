// The mailbox of a member that is reached from elsewhere (over HTTP, by a bridge): what waits for it and the room's lines, by
// their position in its own history, and what its seat has been given of them.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import type { Line } from "../line.ts";
import type { ConnectionState } from "./connection.ts";
import { text, via } from "./arguments.ts";

/** Lines or items that one request names or asks for. */
const MAX_ENTRIES = 500;
const position = z.int().check(z.nonnegative());
const limit = position.check(z.maximum(MAX_ENTRIES));

/** A kept event, and where it stands in the history. */
export interface PlacedLine {
  /** Ask for what is behind it with `position + 1`. */
  readonly position: number;
  /** Without the state of its file: a reader from elsewhere gets none. */
  readonly line: Line;
  /** What a file event offers; `size` in bytes. */
  readonly offer?: { readonly name: string; readonly size: number; readonly sha256: string };
}

/** A line that addresses the asker and isn't answered. */
export interface MailItem extends PlacedLine {
  /** The own message that it answers. */
  readonly answers?: string;
  /** The brake that keeps it from being acted on by itself (hop limit, an operator's pause). */
  readonly held?: string;
  /** It was given to a seat before. */
  readonly again: boolean;
}

export interface MailResult {
  readonly items: readonly MailItem[];
  /** The position behind the last item; ask with it for the next ones. */
  readonly next: number;
  readonly more: boolean;
  /** Items from `after` on that no brake holds: while there is none, there is nothing to act on. */
  readonly due: number;
  /** Items, wherever they stand, that no brake holds and no seat was given. */
  readonly unread: number;
  /** Where the history ends. */
  readonly end: number;
}

export interface LinesResult {
  readonly lines: readonly PlacedLine[];
  /** The position behind the last line that was looked at. */
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
   * What waits for a seat (the asking one, unless `seat` names another; for the person too, when `via` is theirs) from the
   * position `after` on, oldest first. Peeks.
   */
  mail: defineRequest({
    args: z.object({ via, after: position, limit, seat: z.optional(text) }),
    result: gives<MailResult>(),
    who: "anyone",
    gateway: true,
  }),
  /** The room's lines from the position `after` on, oldest first; a model gets none that are for the person alone. Peeks. */
  lines: defineRequest({
    args: z.object({ via, after: position, limit }),
    result: gives<LinesResult>(),
    who: "anyone",
    gateway: true,
  }),
  /** The asking seat was given the lines at these positions: their authors hear so, and what it says goes on from them. */
  taken: defineRequest({
    args: z.object({ positions: z.array(position).check(z.maxLength(MAX_ENTRIES)) }),
    result: gives<TakenResult>(),
    who: "anyone",
    gateway: true,
  }),
  /** Everything before the position arrived where it is read: the authors of what waits there for the asker hear `seen`. */
  acknowledge: defineRequest({
    args: z.object({ via, before: position }),
    result: gives<AcknowledgeResult>(),
    who: "anyone",
    gateway: true,
  }),
  /** Subscribes this connection to the pushes `grown`, `inbox` and `connection`. */
  follow: defineRequest({
    args: z.object({}),
    result: gives<FollowResult>(),
    who: "anyone",
  }),
  /** What the asking seat says next begins a chain, unless it was given something a short while ago. */
  newChain: defineRequest({
    args: z.object({}),
    result: gives<NewChainResult>(),
    who: "anyone",
  }),
} as const;
