// `react ID EMOJI`: a light receipt on a message, which wakes nobody.
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { isBlank } from "../read-value.ts";
import { shortId } from "../show.ts";

interface ReactWords {
  readonly id: string;
  /** Empty: one's own is taken back. */
  readonly text: string;
}

export const react = defineCommand({
  summary: "react to a message with an emoji or a word",
  words: ["ID"],
  text: "[EMOJI]",
  options: [{ name: "undo", summary: "take your reaction back" }],
  group: "Talk",
  example: "agora react 3f9k 👍",
  speaks: true,
  read: ({ words, text, options }, { usage }) =>
    isBlank(text) === options.has("undo")
      ? ok({ id: words[0]!, text: (text ?? "").trim() })
      : fail("usage", `react needs EMOJI, or --undo: ${usage}`),
  run,
});

async function run({ id, text }: ReactWords, around: CommandContext): Promise<Answer<Results["react"]>> {
  const answer = await askDaemon(around, "react", { via: around.via, id, text });
  if (!answer.ok) return answer;
  const { about, text: word, state } = answer.value;
  const done = word === "" ? "took the reaction back" : `reacted with ${harmlessLine(word, 40)}`;
  const waits = state === "queued" ? "; it waits for the relay" : "";
  return { ok: true, data: answer.value, lines: [`${done}: message ${shortId(about)}${waits}`] };
}
