// `accept THREAD [EXTRA]`: the person hands a waiting thread to the agent.
import type { InboxItem } from "@agora/ipc";
import type { Results } from "@agora/ipc";
import { ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askOnce } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { isBlank } from "../read-value.ts";
import { shortId, showAuthor, showFile, showText } from "../show.ts";

const PREVIEW_CHARS = 400;

interface AcceptWords {
  readonly thread: string;
  readonly extra?: string | undefined;
}

export const accept = defineCommand({
  summary: "hand a waiting thread to the agent",
  words: ["THREAD"],
  text: "[EXTRA]",
  options: [],
  group: "Talk",
  example: "agora accept 3f9k",
  who: "person",
  read: ({ words, text }) => ok({ thread: words[0]!, ...(isBlank(text) ? {} : { extra: text }) }),
  run,
});

async function run(command: AcceptWords, around: CommandContext): Promise<Answer<Results["accept"]>> {
  const { thread, extra } = command;
  const answer = await askOnce(around, "accept", { thread, ...(extra === undefined ? {} : { extra }) });
  if (!answer.ok) return answer;
  const { item, others = [], seat, fileOnly } = answer.value;
  if (fileOnly === true) return { ok: true, data: answer.value, lines: fileLines(item) };
  const where = seat === undefined ? "the next session of this project" : seat;
  return {
    ok: true,
    data: answer.value,
    lines: [
      `accepted: ${showAuthor(item.from, undefined)}'s thread ${shortId(item.thread)} goes to ${where}`,
      ...[...others, item].flatMap((one) => [
        ...(others.length === 0 ? [] : [`${showAuthor(one.from, undefined)}:`]),
        ...showText(one.text, PREVIEW_CHARS),
      ]),
    ],
  };
}

/** Nothing is handed to the agent: the file is fetched. */
function fileLines({ from, file }: InboxItem): string[] {
  return [
    `accepted: the file of ${showAuthor(from, undefined)}`,
    ...(file === undefined ? [] : [`  file ${showFile(file)}`]),
  ];
}
