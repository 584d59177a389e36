// `append THREAD TEXT`: the person speaks into a thread.
import type { Results } from "@agora/ipc";
import { fail, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askOnce } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { showSaid } from "../show-said.ts";

interface AppendWords {
  readonly thread: string;
  readonly text: string;
}

export const append = defineCommand({
  summary: "speak into a thread yourself",
  words: ["THREAD"],
  text: "TEXT",
  options: [],
  group: "Talk",
  example: "agora append 3f9k use the staging database",
  speaks: true,
  who: "person",
  read: ({ words, text }, { usage }) =>
    text === undefined ? fail("usage", `append needs TEXT: ${usage}`) : ok({ thread: words[0]!, text }),
  run,
});

async function run(command: AppendWords, around: CommandContext): Promise<Answer<Results["append"]>> {
  const answer = await askOnce(around, "append", command);
  if (!answer.ok) return answer;
  return { ok: true, data: answer.value, lines: showSaid(answer.value, around) };
}
