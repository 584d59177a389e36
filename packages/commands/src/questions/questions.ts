// `questions`: everything waiting for an answer, in both directions, and what was answered recently.
import type { Results } from "@agora/ipc";
import { ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon, askOnce } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { showQuestion } from "../show-question.ts";
import { PLAIN, shortId } from "../show.ts";

/** How many ended questions a person is shown. */
const MAX_LATELY = 5;

interface QuestionsWords {
  readonly withdraw?: string | undefined;
}

export const questions = defineCommand({
  summary: "all questions that wait for an answer, yours and the room's",
  words: [],
  options: [{ name: "withdraw", value: "ID", summary: "take a question of yours back" }],
  group: "Decide",
  example: "agora questions",
  read: ({ options }) => ok({ withdraw: options.get("withdraw") }),
  run,
});

async function run(
  command: QuestionsWords,
  around: CommandContext,
): Promise<Answer<Results["questions"] | Results["withdraw"]>> {
  const { withdraw } = command;
  if (withdraw !== undefined) {
    const done = await askOnce(around, "withdraw", { question: withdraw });
    if (!done.ok) return done;
    return { ok: true, data: done.value, lines: [`withdrew question ${shortId(done.value.id)}`] };
  }
  const answer = await askDaemon(around, "questions", { via: around.via });
  if (!answer.ok) return answer;
  const { waiting, asked, lately } = answer.value;
  const paint = around.paint ?? PLAIN;
  const now = around.now();
  const part = (title: string, all: typeof waiting): string[] =>
    all.length === 0 ? [] : [paint.bold(title), ...all.flatMap((one) => showQuestion(one, now, paint))];
  const lines = [
    ...part("waiting for you", waiting),
    ...(waiting[0] === undefined ? [] : [paint.dim(`${around.prefix}answer ${shortId(waiting[0].id)} CHOICE or TEXT`)]),
    ...part("asked by you", asked),
    ...part("lately", lately.slice(0, MAX_LATELY)),
  ];
  return { ok: true, data: answer.value, lines: lines.length === 0 ? ["no question is open"] : lines };
}
