// The lines in which a question's business is shown: an answer in the words of its question, and the word that time is over.
import type { Line } from "@agora/ipc";
import { answerWords } from "@agora/protocol";
import type { Item } from "../inbox/fold.ts";
import { standingOf } from "./fold.ts";
import { outcomeWords } from "./keeper.ts";
import type { Store } from "../kernel/store.ts";

/**
 * An answer's line with the labels of what was picked, which only its question tells; a question's with the word that it is
 * asked of `me`; any other line as it is.
 */
export function withQuestion(line: Line, store: Pick<Store, "state">, now: number, me: string): Line {
  const asked = line.kind === "question" ? store.state.questions.asked[line.id] : undefined;
  if (asked !== undefined && line.to.some(({ member }) => member === me))
    return { ...line, question: asked.form.urgent === true ? { urgent: true } : {} };
  const given = line.kind === "answer" ? store.state.questions.answers[line.id] : undefined;
  const standing = given === undefined ? undefined : standingOf(store.state.questions, given.question, now);
  if (given === undefined || standing === undefined) return line;
  const words =
    standing.answer?.id === line.id
      ? outcomeWords(standing)
      : `answered too late: ${answerWords(standing.question.form, given.answer)}`;
  return { ...line, text: words };
}

/** The daemon's own words to the seat whose question nobody answered in time. */
export function overLine(item: Item, text: string, me: string): Line {
  const { id, thread, at, hop, answers } = item;
  const about = answers === undefined ? {} : { about: { how: "answers", id: answers } };
  return {
    id,
    thread,
    author: me,
    role: "agent",
    kind: "question",
    to: [],
    text,
    time: at,
    at,
    hop,
    ...about,
    mine: true,
  };
}

/** The answer of our own person that waits for its stamp, as the session that asked is told it. */
export function outcomeLine(item: Item, store: Pick<Store, "state">, now: number, me: string): Line | undefined {
  const { id, thread, at, hop, answers } = item;
  const standing = answers === undefined ? undefined : standingOf(store.state.questions, answers, now);
  if (standing?.answer?.id !== id) return undefined;
  const about = { how: "answers", id: standing.question.id };
  const text = outcomeWords(standing);
  return { id, thread, author: me, role: "user", kind: "answer", to: [], text, time: at, at, hop, about, mine: true };
}
