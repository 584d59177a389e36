// `say [@a @b] [--thread ID] [--role agent] [--file PATH] TEXT`.
import { resolve } from "node:path";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";
import { showSaid } from "../show-said.ts";
import { newId } from "@agora/protocol";

/** A file is read and hashed before it is offered; a large one takes its time. */
const FILE_TIMEOUT_MS = 60_000;

export async function say(command: CommandOf<"say">, around: CommandContext): Promise<Answer<AnswerData["say"]>> {
  const { to, channel, text, thread, file, asAgent } = command;
  const answer = await askDaemon(
    around,
    "say",
    {
      // Whoever has to ask a second time, because a daemon ended before it answered, says it once.
      id: newId(),
      via: around.via,
      text,
      to: [...to],
      ...(channel === undefined ? {} : { channel }),
      ...(thread === undefined ? {} : { thread }),
      ...(file === undefined ? {} : { file: locate(file, around) }),
      ...(asAgent ? { asAgent } : {}),
    },
    file === undefined ? undefined : FILE_TIMEOUT_MS,
  );
  if (!answer.ok) return answer;
  return { ok: true, data: answer.value, lines: showSaid(answer.value, around) };
}

/** The absolute path; `~/` is a shell's word that a slash command knows as well. */
function locate(file: string, { cwd, env }: CommandContext): string {
  const home = env["HOME"] ?? env["USERPROFILE"];
  return file.startsWith("~/") && home !== undefined ? resolve(home, file.slice(2)) : resolve(cwd, file);
}
