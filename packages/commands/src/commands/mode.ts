// `mode [manual|auto]`: shows or sets how mentions are handled.
import type { Answer, AnswerData, Surroundings } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf, Mode } from "../command.ts";

const MEANING: Readonly<Record<Mode, string>> = {
  manual: "mentions wait in the inbox for you",
  auto: "the agent answers mentions by itself",
};

export async function mode(command: CommandOf<"mode">, around: Surroundings): Promise<Answer<AnswerData["mode"]>> {
  const wish = command.mode === undefined ? {} : { mode: command.mode };
  const answer = await askDaemon(around, "mode", { via: around.via, ...wish });
  if (!answer.ok) return answer;
  return { ok: true, data: answer.value, lines: [`mode=${answer.value.mode}: ${MEANING[answer.value.mode]}`] };
}
