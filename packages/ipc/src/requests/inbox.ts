// What addresses this member and waits: seeing it, handing it on, refusing it, waiting for it.
import * as z from "zod/mini";
import type { Role } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import type { FileState } from "../file-state.ts";
import type { Line } from "../line.ts";
import type { ChainState } from "./chains.ts";
import type { QuestionState } from "./questions.ts";
import { mode, once, seconds, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

/** An open inbox item. */
export interface InboxItem {
  readonly thread: string;
  readonly id: string;
  readonly from: string;
  readonly role: Role;
  readonly text: string;
  readonly at: number;
  /** `open`: waits for a person; `auto`: a seat is answering; `accepted`: handed over, not answered yet. */
  readonly state: "open" | "auto" | "accepted";
  /** It waits for the person: what every count of the inbox counts. */
  readonly waits?: true;
  readonly seat?: string;
  /** Why it waits here although the mode is auto: `hop limit`, `too old`, `no answer`, `author bound`. */
  readonly reason?: string;
  readonly answers?: string;
  /** It refuses what it answers; the text is the reason. */
  readonly rejected?: true;
  readonly file?: FileState;
  /** The channel it was said in. */
  readonly channel?: string;
  /**
   * `card`: a question of the daemon itself: shall this chain go on? Answered by `more` or `reject`; never accepted.
   * `question`: somebody asks the person; answered by `answer` or `reject`, never accepted.
   */
  readonly kind?: "card" | "question";
  readonly question?: QuestionState;
  readonly card?: ChainState;
}

export interface InboxResult {
  readonly items: readonly InboxItem[];
}

export interface AcceptResult {
  readonly item: InboxItem;
  /** What else waited in the thread and was accepted with it, oldest first. */
  readonly others?: readonly InboxItem[];
  readonly lines: readonly Line[];
  readonly extra?: string;
  readonly seat?: string;
  /** Nothing was handed over: a file that is not in the inbox will be fetched. */
  readonly fileOnly?: true;
}

export interface RejectResult {
  readonly thread: string;
  readonly id: string;
  readonly to: readonly string[];
  readonly state: "queued" | "relayed";
}

export interface ModeResult {
  readonly mode: "manual" | "auto";
  readonly changed: boolean;
}

export interface WaitResult {
  readonly items: readonly InboxItem[];
  readonly timedOut: boolean;
  /** Waiting on is of no use: an operator stopped the room, in our words. */
  readonly stopped?: string;
  /** Waiting on is of no use: the relay refuses this member for good, and why. */
  readonly refused?: string;
}

export const inboxRequests = {
  /** `peek`: a surface keeps itself up to date; nobody has read anything by it. */
  inbox: defineRequest({
    args: z.object({ via, peek: z.optional(z.boolean()) }),
    result: gives<InboxResult>(),
    who: "anyone",
    console: true,
    shown: { peek: true },
  }),
  /** `thread` may be any unique prefix of an id, here and below; "last" means the newest open inbox item. */
  accept: defineRequest({
    args: z.object({ via, thread: text, extra: z.optional(text), once }),
    result: gives<AcceptResult>(),
    who: "person",
    refusal: personOnlyWords("accept"),
    console: true,
  }),
  reject: defineRequest({
    args: z.object({ via, thread: text, reason: z.optional(text), once }),
    result: gives<RejectResult>(),
    who: "anyone",
    speaks: "sometimes",
    console: true,
    gateway: true,
  }),
  mode: defineRequest({
    args: z.object({ via, mode: z.optional(mode) }),
    result: gives<ModeResult>(),
    who: ({ mode: wish }) => (wish === "auto" ? "person" : "anyone"),
    refusal: personOnlyWords("mode auto"),
    console: true,
  }),
  /** Blocks until something addresses this member (or the asking seat), or the time is over. Peeks: nothing is handed. */
  wait: defineRequest({
    args: z.object({
      via,
      timeoutS: seconds,
      /** Who waits: each is told of an item once. Default: the seat, else the way in. */
      waiter: z.optional(z.string().check(z.maxLength(40))),
      /** Also what this waiter was told of before. */
      again: z.optional(z.boolean()),
    }),
    result: gives<WaitResult>(),
    who: "anyone",
    waits: true,
  }),
} as const;
