// `answer ID CHOICE… | TEXT`: a person's answer to a question.
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askOnce } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { isBlank } from "../read-value.ts";

interface AnswerWords {
  readonly question: string;
  readonly words: string;
}

export const answer = defineCommand({
  summary: "answer a question: by number, label or in your own words",
  words: ["ID"],
  text: "ANSWER",
  options: [],
  group: "Decide",
  example: "agora answer 7k3f 2",
  speaks: true,
  who: "person",
  read: ({ words, text }, { usage }) =>
    isBlank(text) ? fail("usage", `answer needs ANSWER: ${usage}`) : ok({ question: words[0]!, words: text }),
  run,
});

async function run(command: AnswerWords, around: CommandContext): Promise<Answer<Results["answer"]>> {
  const { question, words } = command;
  const given = await askOnce(around, "answer", { question, words });
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
