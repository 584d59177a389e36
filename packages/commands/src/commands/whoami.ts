// `whoami`: this project's member.
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";

export async function whoami(around: CommandContext): Promise<Answer<AnswerData["whoami"]>> {
  const answer = await askDaemon(around, "whoami", {});
  if (!answer.ok) return answer;
  const { name, seat, room, relay, mode, grant, key } = answer.value;
  const as = seat === undefined ? name : `${name}/${seat}`;
  return {
    ok: true,
    data: answer.value,
    lines: [`${as} in ${room} at ${relay} (mode=${mode}${grant === undefined ? "" : `, ${grant}`})`, `  key ${key}`],
  };
}
