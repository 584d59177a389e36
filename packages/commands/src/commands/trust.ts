// `trust NAME`: the person accepts the key that a member shows now.
import { harmlessLine } from "@agora/protocol";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";

export async function trust(command: CommandOf<"trust">, around: CommandContext): Promise<Answer<AnswerData["trust"]>> {
  const answer = await askDaemon(around, "trust", { via: around.via, name: command.member });
  if (!answer.ok) return answer;
  const { name, key, changed } = answer.value;
  const who = harmlessLine(name, 40);
  return {
    ok: true,
    data: answer.value,
    lines: [changed ? `${who} is trusted with the key ${key}` : `${who}'s key was trusted already: ${key}`],
  };
}
