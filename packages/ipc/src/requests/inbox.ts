// What is addressed to this member and waiting: reading it, handing it on, rejecting it, waiting for it.
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
  /** It waits for the person; every inbox count counts these. */
  readonly waits?: true;
  readonly seat?: string;
  /** Why it waits here although the mode is auto: `hop limit`, `too old`, `no answer`, `author bound`. */
  readonly reason?: string;
  readonly answers?: string;
  /** It rejects what it answers; the text is the reason. */
  readonly rejected?: true;
  readonly file?: FileState;
  /** The channel it was said in. */
  readonly channel?: string;
  /**
   * `card`: a question from the daemon itself: may this chain go on? Answered by `more` or `reject`; never accepted.
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
  /** What else was waiting in the thread and was accepted along with it, oldest first. */
  readonly others?: readonly InboxItem[];
  readonly lines: readonly Line[];
  readonly extra?: string;
  readonly seat?: string;
  /** Nothing was handed over: a file that isn't in the inbox will be fetched. */
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
  /** Where another mode holds. */
  readonly places?: readonly PlaceMode[];
}

/** The rules about who may wake an agent of this member. */
export interface AllowResult {
  /** What everybody may who is not named. */
  readonly everyone: "wake" | "word";
  readonly members: readonly { readonly name: string; readonly may: "wake" | "word" }[];
  readonly changed: boolean;
}

/** A channel or a thread with a mode of its own. */
export interface PlaceMode {
  readonly channel?: string;
  readonly thread?: string;
  readonly mode: "manual" | "auto";
}

/** `mode` is absent: the general one holds there. */
export interface ModeAtResult {
  readonly channel?: string;
  readonly thread?: string;
  readonly mode?: "manual" | "auto";
  readonly changed: boolean;
  readonly places: readonly PlaceMode[];
}

export interface WaitResult {
  readonly items: readonly InboxItem[];
  readonly timedOut: boolean;
  /** Waiting is pointless: an operator stopped the room; in our words. */
  readonly stopped?: string;
  /** Waiting is pointless: the relay refuses this member for good; why. */
  readonly refused?: string;
}

export const inboxRequests = {
  /** `peek`: a surface refreshes itself; nothing counts as read. */
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
  /**
   * The mode of one channel or one thread, which holds there instead of the general one; without `mode`, the general one holds
   * there again.
   */
  modeAt: defineRequest({
    args: z.object({ via, channel: z.optional(text), thread: z.optional(text), mode: z.optional(mode) }),
    result: gives<ModeAtResult>(),
    who: ({ mode: wish }) => (wish === "manual" ? "anyone" : "person"),
    refusal: personOnlyWords("A mode that lets an agent answer by itself"),
    console: true,
  }),
  /**
   * Who may wake an agent of this member in automatic mode (`wake`), and whose mentions wait for the person (`word`); `member`
   * is a name or "everyone", `default` takes the rule back. Without both, only shows the rules.
   */
  allow: defineRequest({
    args: z.object({ via, member: z.optional(text), may: z.optional(z.enum(["wake", "word", "default"])) }),
    result: gives<AllowResult>(),
    who: ({ may }) => (may === undefined ? "anyone" : "person"),
    refusal: personOnlyWords("Who may wake an agent"),
    console: true,
  }),
  /**
   * Blocks until something is addressed to this member (or the asking seat), or the time is up. A peek: nothing is handed
   * over.
   */
  wait: defineRequest({
    args: z.object({
      via,
      timeoutS: seconds,
      /** Who waits: each waiter hears of an item once. By default the seat, else the `via`. */
      waiter: z.optional(z.string().check(z.maxLength(40))),
      /** Also report what this waiter was already told. */
      again: z.optional(z.boolean()),
    }),
    result: gives<WaitResult>(),
    who: "anyone",
    waits: true,
  }),
} as const;
