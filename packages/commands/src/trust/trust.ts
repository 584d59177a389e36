// `trust NAME`: the person accepts the key that a member now shows.
import type { Results } from "@agora/ipc";
import { harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";

interface TrustWords {
  readonly member: string;
}

export const trust = defineCommand({
  summary: "accept the key a member shows now",
  words: ["NAME"],
  options: [],
  group: "Room",
  example: "agora trust bob",
  who: "person",
  read: ({ words }) => ok({ member: words[0]!.replace(/^@/, "") }),
  run,
});

async function run(command: TrustWords, around: CommandContext): Promise<Answer<Results["trust"]>> {
  const answer = await askDaemon(around, "trust", { via: around.via, name: command.member });
  if (!answer.ok) return answer;
  const { name, key, changed } = answer.value;
  const who = harmlessLine(name, 40);
  return {
    ok: true,
    data: answer.value,
    lines: [changed ? `${who} is trusted with the key ${key}` : `${who}'s key was trusted already: ${key}`],
  };
}
