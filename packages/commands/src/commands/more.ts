// `more THREAD [N]`: lets a chain of automatic turns go on that came to its limit.
import { newId } from "@agora/protocol";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";

export async function more(command: CommandOf<"more">, around: CommandContext): Promise<Answer<AnswerData["more"]>> {
  const { thread, turns } = command;
  const wish = turns === undefined ? {} : { turns };
  const answer = await askDaemon(around, "more", { via: around.via, once: newId(), thread, ...wish });
  if (!answer.ok) return answer;
  const { limit } = answer.value;
  return { ok: true, data: answer.value, lines: [`the chain may go on, up to ${limit} automatic turns in all`] };
}
