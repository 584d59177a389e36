// `decide TEXT` and `decisions`: what people decided, with or without being asked.
import { newId } from "@agora/protocol";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";
import { PLAIN, shortId } from "../show.ts";
import { showDecision } from "../show-question.ts";

export async function decide(
  command: CommandOf<"decide">,
  around: CommandContext,
): Promise<Answer<AnswerData["decide"]>> {
  const { text, thread } = command;
  const answer = await askDaemon(around, "decide", {
    via: around.via,
    once: newId(),
    text,
    ...(thread === undefined ? {} : { thread }),
  });
  if (!answer.ok) return answer;
  const { thread: where, state } = answer.value;
  const waits = state === "queued" ? "; it waits for the relay" : "";
  return { ok: true, data: answer.value, lines: [`decided, for all to see: thread ${shortId(where)}${waits}`] };
}

export async function decisions(
  { limit }: CommandOf<"decisions">,
  around: CommandContext,
): Promise<Answer<AnswerData["decisions"]>> {
  const answer = await askDaemon(around, "decisions", { via: around.via, limit });
  if (!answer.ok) return answer;
  const { decisions: all, more } = answer.value;
  const paint = around.paint ?? PLAIN;
  const lines = all.flatMap((one) => showDecision(one, around.now(), paint));
  if (more) lines.push(paint.dim(`there are more: ${around.prefix}decisions --limit N`));
  return { ok: true, data: answer.value, lines: lines.length === 0 ? ["nothing was decided yet"] : lines };
}
