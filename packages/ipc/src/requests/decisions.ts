// Decisions, for the whole room.
import * as z from "zod/mini";
import { defineRequest, gives } from "../define-request.ts";
import type { QuestionState } from "./questions.ts";
import { once, text, via } from "./arguments.ts";
import { personOnlyWords } from "../person-only.ts";

/** A decision; `asked` is the question it answers. */
export interface DecisionState {
  readonly id: string;
  readonly thread: string;
  readonly by: string;
  readonly at: number;
  readonly title: string;
  readonly text?: string;
  readonly asked?: QuestionState;
}

export interface DecideResult {
  readonly id: string;
  readonly thread: string;
  readonly state: "queued" | "relayed";
}

/** Newest first. */
export interface DecisionsResult {
  readonly decisions: readonly DecisionState[];
  readonly more: boolean;
}

export const decisionRequests = {
  /** A person records a decision; its first line is the title. */
  decide: defineRequest({
    args: z.object({ via, text, thread: z.optional(text), once }),
    result: gives<DecideResult>(),
    who: "person",
    refusal: personOnlyWords("decide"),
    speaks: true,
    console: true,
  }),
  decisions: defineRequest({
    args: z.object({ via, limit: z.int().check(z.positive()) }),
    result: gives<DecisionsResult>(),
    who: "anyone",
    console: true,
  }),
} as const;
