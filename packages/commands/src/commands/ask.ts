// `ask @name TEXT` and `escalate TEXT`: a form that a person answers.
import { harmlessLine, newId } from "@agora/protocol";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";
import { shortId, showSpan } from "../show.ts";

const REQUEST_MS = 30_000;

export async function ask(
  command: CommandOf<"ask"> | CommandOf<"escalate">,
  around: CommandContext,
): Promise<Answer<AnswerData["ask"]>> {
  const { name, to, text, choices, many, other, timeoutS, otherwise, thread, waitS } = command;
  const isPicked = choices.length > 0;
  const answer = await askDaemon(
    around,
    "ask",
    {
      via: around.via,
      once: newId(),
      to: [...to],
      text,
      ...(isPicked ? { choices: choices.map((label) => ({ label })), pick: many ? "many" : "one" } : {}),
      ...(other ? { other } : {}),
      ...(name === "escalate" ? { urgent: true } : {}),
      ...(otherwise === undefined ? {} : { otherwise }),
      ...(timeoutS === undefined ? {} : { timeoutS }),
      ...(waitS === undefined ? {} : { waitS }),
      ...(thread === undefined ? {} : { thread }),
    },
    REQUEST_MS + (waitS ?? 0) * 1_000,
  );
  if (!answer.ok) return answer;
  return { ok: true, data: answer.value, lines: asked(answer.value, around) };
}

function asked(
  { id, to, expires, state, reason, notes, question }: AnswerData["ask"],
  around: CommandContext,
): string[] {
  const whom = to.map((name) => `@${harmlessLine(name, 40)}`).join(" ");
  const { answer } = question ?? {};
  const ended =
    answer !== undefined
      ? [`answered: ${harmlessLine(answer.words)} by @${harmlessLine(answer.by, 40)}`]
      : question !== undefined && question.state !== "open" && question.state !== "sent"
        ? [`${question.state}: nobody answered`]
        : [];
  const waits = reason === undefined ? "" : ` (${harmlessLine(reason)})`;
  return [
    `asked ${whom} question ${shortId(id)}, open for ${showSpan(question?.leftMs ?? expires - around.now())}${state === "queued" ? `; it waits${waits}` : ""}`,
    ...ended,
    ...notes.map((note) => `  ${harmlessLine(note)}`),
  ];
}
