// `answer ID CHOICE… | TEXT`: a person's answer to a question.
import { harmlessLine, newId } from "@agora/protocol";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";

export async function answer(
  command: CommandOf<"answer">,
  around: CommandContext,
): Promise<Answer<AnswerData["answer"]>> {
  const { question, words } = command;
  const given = await askDaemon(around, "answer", { via: around.via, once: newId(), question, words });
  if (!given.ok) return given;
  const { question: now, state, reason, words: said } = given.value;
  const line = `answered @${harmlessLine(now.from, 40)}: ${harmlessLine(said)}`;
  if (state === "queued") {
    const why = reason === undefined ? "" : ` (${harmlessLine(reason)})`;
    return { ok: true, data: given.value, lines: [`${line}; it waits${why} and counts if it gets through in time`] };
  }
  const first = now.answer;
  const isLate = first !== undefined && now.late?.some(({ words: late }) => late === said) === true;
  const late = isLate ? [`too late: @${harmlessLine(first.by, 40)} answered first, ${harmlessLine(first.words)}`] : [];
  return { ok: true, data: given.value, lines: [line, ...late] };
}
