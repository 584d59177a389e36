// `ping NAME`: asks a member's daemon for a sign of life.
import type { Results } from "@agora/ipc";
import { harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";

/** How long a member's daemon has to answer, and how long the request may take. */
const PING_MS = 5_000;
const ASK_MS = 10_000;

interface PingWords {
  readonly member: string;
}

export const ping = defineCommand({
  summary: "ask a member's daemon for a sign of life",
  words: ["NAME"],
  options: [],
  group: "Room",
  example: "agora ping bob",
  read: ({ words }) => ok({ member: words[0]!.replace(/^@/, "") }),
  run,
});

async function run({ member }: PingWords, around: CommandContext): Promise<Answer<Results["ping"]>> {
  const args = { via: around.via, member, timeoutMs: PING_MS };
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
