// A question that waits for the person, answered in the talk where it was asked.
import type { VNode } from "preact";
import { QuestionForm } from "./question-form.tsx";
import { questions } from "./room.ts";

/** Its form, folded; nothing when no such question waits for this person, or no longer. */
export function AnswerHere({ id }: { readonly id: string }): VNode | null {
  const question = questions.value.waiting.find((one) => one.id === id);
  if (question === undefined) return null;
  return (
    <details class="answer-here" onKeyDown={keepKeys}>
      <summary class="button">Answer here</summary>
      <QuestionForm question={question} />
    </details>
  );
}

/** The keys of the form are its own: the arrows choose, and walk through no messages. */
function keepKeys(event: KeyboardEvent): void {
  if (event.key !== "Escape") event.stopPropagation();
}
