// `reject THREAD [REASON]`: a refusal goes to whoever asked.
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";
import { harmlessLine, newId } from "@agora/protocol";
import { shortId } from "../show.ts";

export async function reject(
  command: CommandOf<"reject">,
  around: CommandContext,
): Promise<Answer<AnswerData["reject"]>> {
  const { thread, reason } = command;
  const answer = await askDaemon(around, "reject", {
    via: around.via,
    once: newId(),
    thread,
    ...(reason === undefined ? {} : { reason }),
  });
  if (!answer.ok) return answer;
  const { to, state } = answer.value;
  if (to.length === 0)
    return {
      ok: true,
      data: answer.value,
      lines: [`the chain of thread ${shortId(answer.value.thread)} stays stopped`],
    };
  const told = to.map((name) => harmlessLine(`@${name.replace(/^@/, "")}`, 60)).join(" ");
  const waits = state === "queued" ? " (queued: it goes out when the relay is back)" : "";
  return {
    ok: true,
    data: answer.value,
    lines: [`rejected thread ${shortId(answer.value.thread)}, ${told} told${waits}`],
  };
}
