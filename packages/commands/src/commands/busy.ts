// `busy [TEXT]`: tells the room what this member works on. `ping NAME`: asks a member's daemon for a sign of life.
import { harmlessLine } from "@agora/protocol";
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import type { CommandOf } from "../command.ts";

/** How long a member's daemon has to answer, and what the request may take. */
const PING_MS = 5_000;
const ASK_MS = 10_000;

export async function busy(command: CommandOf<"busy">, around: CommandContext): Promise<Answer<AnswerData["busy"]>> {
  const wish = command.text === undefined ? {} : { text: command.text };
  const answer = await askDaemon(around, "busy", { via: around.via, ...wish });
  if (!answer.ok) return answer;
  const { text } = answer.value;
  return {
    ok: true,
    data: answer.value,
    lines: [text === undefined ? "nothing is shown beside your name any more" : `shown beside your name: ${text}`],
  };
}

export async function ping(command: CommandOf<"ping">, around: CommandContext): Promise<Answer<AnswerData["ping"]>> {
  const args = { via: around.via, member: command.member, timeoutMs: PING_MS };
  const answer = await askDaemon(around, "ping", args, ASK_MS);
  if (!answer.ok) return answer;
  const { name, online, ms } = answer.value;
  const who = `@${harmlessLine(name, 40)}`;
  const line = !online
    ? `${who} is away`
    : ms === undefined
      ? `${who} is here, its daemon did not answer within ${PING_MS / 1_000} s`
      : `${who} answered after ${ms} ms`;
  return { ok: true, data: answer.value, lines: [line] };
}
