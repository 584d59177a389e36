// Questions to people: the form, the answer to it, and a decision recorded without a question. Whether an answer fits the
// form is checked here, both when answering and when reading an answer.
import * as z from "zod/mini";
import {
  MAX_ANSWER_CHARS,
  MAX_CHOICES,
  MAX_CHOICE_CHARS,
  MAX_DECISION_TITLE_CHARS,
  MAX_OTHERWISE_CHARS,
  MAX_QUESTION_CHARS,
} from "./limits.ts";

export const QUESTION = "application/agora-question+json";
export const ANSWER = "application/agora-answer+json";
export const DECISION = "application/agora-decision+json";

const choiceId = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/));
const written = (most: number) => z.string().check(z.minLength(1), z.maxLength(most), z.regex(/\S/));

/** How many choices may be picked; `text`: there are none, the answer is written. */
export const PICKS = ["one", "many", "text"] as const;

/** One choice; `about` explains its label. */
export const choiceSchema = z.object({
  id: choiceId,
  label: written(MAX_CHOICE_CHARS),
  about: z.optional(written(MAX_CHOICE_CHARS)),
});

/**
 * The body of a `question` event. `other`: free text is fine too; `urgent`: notify the person at once; `otherwise`: what the
 * asker will do when the event `expires` unanswered. [QUESTION-2]
 */
export const questionSchema = z
  .object({
    text: written(MAX_QUESTION_CHARS),
    pick: z.enum(PICKS),
    choices: z.optional(z.array(choiceSchema).check(z.minLength(1), z.maxLength(MAX_CHOICES))),
    other: z.optional(z.boolean()),
    urgent: z.optional(z.boolean()),
    otherwise: z.optional(written(MAX_OTHERWISE_CHARS)),
  })
  .check(z.refine((form) => (form.pick === "text") === (form.choices === undefined)))
  .check(z.refine(({ choices = [] }) => new Set(choices.map(({ id }) => id)).size === choices.length));

/** The body of an `answer` event: the ids of the picked choices, and free text. [QUESTION-3] */
export const answerSchema = z.object({
  picked: z.optional(z.array(choiceId).check(z.maxLength(MAX_CHOICES))),
  text: z.optional(written(MAX_ANSWER_CHARS)),
});

/** The body of a `decision` event. [QUESTION-7] */
export const decisionSchema = z.object({
  title: written(MAX_DECISION_TITLE_CHARS),
  text: z.optional(written(MAX_ANSWER_CHARS)),
});

export type Choice = z.infer<typeof choiceSchema>;
export type Question = z.infer<typeof questionSchema>;
export type QuestionAnswer = z.infer<typeof answerSchema>;
export type Decision = z.infer<typeof decisionSchema>;

/** Why an answer doesn't fit the form, in words; undefined when it does. [QUESTION-3] */
export function misfitOf(form: Question, { picked = [], text }: QuestionAnswer): string | undefined {
  const known = new Set(form.choices?.map(({ id }) => id));
  const count = picked.length + (text === undefined ? 0 : 1);
  if (picked.some((id) => !known.has(id))) return "it picks what is not among the choices";
  if (new Set(picked).size !== picked.length) return "it picks the same twice";
  if (form.pick === "text") return text === undefined ? "it says nothing" : undefined;
  if (text !== undefined && form.other !== true) return "own words are not among the choices";
  if (count === 0) return "it picks nothing";
  return form.pick === "one" && count > 1 ? "only one can be picked" : undefined;
}

/** An answer as a person reads it: the labels of the picked choices, and the free text. */
export function answerWords(form: Question, { picked = [], text }: QuestionAnswer): string {
  const labels = picked.map((id) => form.choices?.find((choice) => choice.id === id)?.label ?? id);
  return [...labels, ...(text === undefined ? [] : [text])].map((words) => `"${words}"`).join(", ");
}
