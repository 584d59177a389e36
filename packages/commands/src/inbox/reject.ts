// `reject THREAD [REASON]`: sends a refusal to the asker.
import type { Results } from "@agora/ipc";
import { harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askOnce } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { isBlank } from "../read-value.ts";
import { shortId } from "../show.ts";

interface RejectWords {
  readonly thread: string;
  readonly reason?: string | undefined;
}

export const reject = defineCommand({
  summary: "refuse a waiting thread",
  words: ["THREAD"],
  text: "[REASON]",
  options: [],
  group: "Talk",
  example: "agora reject 3f9k not today",
  speaks: true,
  read: ({ words, text }) => ok({ thread: words[0]!, ...(isBlank(text) ? {} : { reason: text }) }),
  run,
});

async function run(command: RejectWords, around: CommandContext): Promise<Answer<Results["reject"]>> {
  const { thread, reason } = command;
  const answer = await askOnce(around, "reject", { thread, ...(reason === undefined ? {} : { reason }) });
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
