// `more THREAD [N]`: lets a chain of automatic turns that hit its limit go on.
import type { Results } from "@agora/ipc";
import { MAX_MORE_TURNS, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askOnce } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";
import { readNumber } from "../read-value.ts";

interface MoreWords {
  readonly thread: string;
  readonly turns?: number | undefined;
}

export const more = defineCommand({
  summary: "let a chain of automatic turns go on that came to its limit",
  words: ["THREAD", "[TURNS]"],
  options: [],
  group: "Decide",
  example: "agora more 3f9k 6",
  who: "person",
  read({ words }) {
    const turns = readNumber("TURNS", words[1], undefined, 1, MAX_MORE_TURNS);
    return turns.ok ? ok({ thread: words[0]!, turns: turns.value }) : turns;
  },
  run,
});

async function run(command: MoreWords, around: CommandContext): Promise<Answer<Results["more"]>> {
  const { thread, turns } = command;
  const wish = turns === undefined ? {} : { turns };
  const answer = await askOnce(around, "more", { thread, ...wish });
  if (!answer.ok) return answer;
  const { limit } = answer.value;
  return { ok: true, data: answer.value, lines: [`the chain may go on, up to ${limit} automatic turns in all`] };
}
