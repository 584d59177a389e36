// How a question ended that somebody else ended, in a sentence.
import type { QuestionState } from "@agora/ipc/messages";
import { harmlessLine } from "@agora/protocol";

/** The sentence; undefined where this person answered or refused it, or it isn't known how it ended. */
export function endWords(
  question: Pick<QuestionState, "from" | "state" | "answer"> | undefined,
  me: string,
): string | undefined {
  if (question === undefined) return undefined;
  const from = harmlessLine(question.from, 40);
  const by = question.answer?.by;
  if (by !== undefined) return by === me ? undefined : `${harmlessLine(by, 40)} answered ${from} first.`;
  if (question.state === "withdrawn") return `${from} took the question back.`;
  return question.state === "expired" ? `The time of ${from}’s question is over.` : undefined;
}
