// `append THREAD TEXT`: the person speaks into a thread.
import { newId } from "@agora/protocol";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";
import { showSaid } from "../show-said.ts";

export async function append(
  command: CommandOf<"append">,
  around: CommandContext,
): Promise<Answer<AnswerData["append"]>> {
  const answer = await askDaemon(around, "append", {
    via: around.via,
    once: newId(),
    thread: command.thread,
    text: command.text,
  });
  if (!answer.ok) return answer;
  return { ok: true, data: answer.value, lines: showSaid(answer.value, around) };
}
