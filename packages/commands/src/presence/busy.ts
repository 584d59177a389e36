// `busy [TEXT]`: tells the room what this member is working on.
import type { Results } from "@agora/ipc";
import { ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { isBlank } from "../read-value.ts";

interface BusyWords {
  readonly text?: string | undefined;
}

export const busy = defineCommand({
  summary: "show the room what you work on; without a text, nothing",
  words: [],
  text: "[TEXT]",
  options: [],
  group: "Talk",
  example: "agora busy reviewing the parser",
  read: ({ text }) => ok(isBlank(text) ? {} : { text }),
  run,
});

async function run(command: BusyWords, around: CommandContext): Promise<Answer<Results["busy"]>> {
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
