// Questions to people and their answers.
import * as z from "zod/mini";
import { PICKS, type Choice, type Question, type Role } from "@agora/protocol";
import { defineRequest, gives } from "../define-request.ts";
import { once, seconds, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

/** An answer to a question; `words` are the labels of the picked choices and the free text, as shown. */
export interface AnswerState {
  readonly by: string;
  readonly at: number;
  readonly picked: readonly string[];
  readonly text?: string;
  readonly words: string;
}

/** A question to people and its state. */
export interface QuestionState {
  readonly id: string;
  readonly thread: string;
  readonly from: string;
  readonly seat?: string;
  readonly role: Role;
  /** Who is asked. */
  readonly to: readonly string[];
  readonly text: string;
  readonly pick: Question["pick"];
  readonly choices?: readonly Choice[];
  /** Free text is allowed too. */
  readonly other?: true;
  readonly urgent?: true;
  /** What the asker will do when time is up. */
  readonly otherwise?: string;
  readonly at: number;
  /** When its time is up by this daemon's clock, and how long that was from now when this was sent, milliseconds. */
  readonly expires?: number;
  readonly leftMs?: number;
  /** `sent`: answered here; the answer is on its way. */
  readonly state: "open" | "sent" | "answered" | "refused" | "expired" | "withdrawn";
  /** Whether this member asked it, and whether this member's person is asked. */
  readonly mine: boolean;
  readonly forMe: boolean;
  readonly answer?: AnswerState;
  /** Answers that came too late. */
  readonly late?: readonly AnswerState[];
}

export interface AskResult {
  readonly id: string;
  readonly thread: string;
  /** Who is asked. */
  readonly to: readonly string[];
  readonly expires: number;
  readonly state: "queued" | "relayed";
  readonly reason?: string;
  readonly notes: readonly string[];
  /** Its state; if waited for, how it ended. */
  readonly question?: QuestionState;
}

export interface AnswerResult {
  readonly id: string;
  readonly question: QuestionState;
  readonly state: "queued" | "relayed";
  readonly reason?: string;
  /** The answer in words. */
  readonly words: string;
}

export interface QuestionsResult {
  /** Waiting for this person, or asked by this member and open: oldest first. */
  readonly waiting: readonly QuestionState[];
  readonly asked: readonly QuestionState[];
  /** Recently answered, ended or being sent, newest first. */
  readonly lately: readonly QuestionState[];
}

export interface WithdrawResult {
  readonly id: string;
  readonly state: "queued" | "relayed";
}

export const questionRequests = {
  /**
   * Asks people. `to`: names without `@`; empty means this member's own person, or its owner when `urgent`. `pick`: `one`
   * if there are choices, else `text`. `waitS`: returns when the question has ended, or after this many seconds.
   */
  ask: defineRequest({
    args: z.object({
      via,
      to: z.array(text),
      text,
      choices: z.optional(z.array(z.object({ id: z.optional(text), label: text, about: z.optional(text) }))),
      pick: z.optional(z.enum(PICKS)),
      other: z.optional(z.boolean()),
      urgent: z.optional(z.boolean()),
      otherwise: z.optional(text),
      timeoutS: z.optional(z.number().check(z.positive())),
      waitS: z.optional(seconds),
      thread: z.optional(text),
      once,
    }),
    result: gives<AskResult>(),
    who: "anyone",
    speaks: true,
    console: true,
  }),
  /**
   * A person's answer. `question`: a unique prefix of its id, or "last". Either `picked` and `text` as in a form, or `words`
   * as typed: ids, labels or numbers of choices, or free text where allowed.
   */
  answer: defineRequest({
    args: z.object({
      via,
      question: text,
      picked: z.optional(z.array(text)),
      text: z.optional(text),
      words: z.optional(text),
      once,
    }),
    result: gives<AnswerResult>(),
    who: "person",
    refusal: personOnlyWords("answer"),
    speaks: true,
    console: true,
  }),
  /** Questions in both directions; a model sees only those of its own side. */
  questions: defineRequest({
    args: z.object({ via }),
    result: gives<QuestionsResult>(),
    who: "anyone",
    console: true,
    shown: {},
  }),
  /** The asker withdraws a question. */
  withdraw: defineRequest({
    args: z.object({ via, question: text, once }),
    result: gives<WithdrawResult>(),
    who: "anyone",
    console: true,
  }),
} as const;
