// `history [--limit 50] [--with NAME] [--thread ID] [--search TEXT] [--full]`: what was said, oldest first; a very long text is
// cut unless all is asked for.
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";
import { longTextsCut, PLAIN, showLine } from "../show.ts";

export async function history(
  command: CommandOf<"history">,
  around: CommandContext,
): Promise<Answer<AnswerData["history"]>> {
  const { limit, thread, channel, search } = command;
  const answer = await askDaemon(around, "history", {
    via: around.via,
    limit,
    ...(command.with === undefined ? {} : { with: command.with }),
    ...(thread === undefined ? {} : { thread }),
    ...(channel === undefined ? {} : { channel }),
    ...(search === undefined ? {} : { search }),
  });
  if (!answer.ok) return answer;
  const { lines, more } = answer.value;
  const paint = around.paint ?? PLAIN;
  const cut = command.full === true ? undefined : longTextsCut(around.prefix);
  const shown = lines.flatMap((line) => showLine(line, around.now(), paint, cut));
  if (more) shown.unshift(paint.dim(`(there are older lines: ${around.prefix}history --limit ${limit * 2})`));
  return {
    ok: true,
    data: answer.value,
    lines:
      lines.length === 0 ? [search === undefined ? "nothing was said yet" : "nothing that was said holds this"] : shown,
  };
}
