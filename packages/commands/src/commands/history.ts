// `history [--limit 50] [--with NAME] [--thread ID] [--search TEXT]`: what was said, oldest first.
import type { Answer, AnswerData, Surroundings } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";
import { PLAIN, showLine } from "../show.ts";

export async function history(
  command: CommandOf<"history">,
  around: Surroundings,
): Promise<Answer<AnswerData["history"]>> {
  const { limit, thread, search } = command;
  const answer = await askDaemon(around, "history", {
    via: around.via,
    limit,
    ...(command.with === undefined ? {} : { with: command.with }),
    ...(thread === undefined ? {} : { thread }),
    ...(search === undefined ? {} : { search }),
  });
  if (!answer.ok) return answer;
  const { lines, more } = answer.value;
  const paint = around.paint ?? PLAIN;
  const shown = lines.flatMap((line) => showLine(line, around.now(), paint));
  if (more) shown.unshift(paint.dim(`(there are older lines: ${around.prefix}history --limit ${limit * 2})`));
  return {
    ok: true,
    data: answer.value,
    lines:
      lines.length === 0 ? [search === undefined ? "nothing was said yet" : "nothing that was said holds this"] : shown,
  };
}
