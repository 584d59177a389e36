// `grant NAME operator`: the room's owner makes a member an operator.
import type { Results } from "@agora/ipc";
import { fail, harmlessLine, newId, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";

interface GrantWords {
  readonly member: string;
}

export const grant = defineCommand({
  summary: "the room's owner: make a member an operator",
  words: ["NAME", "ROLE"],
  options: [],
  group: "Operate",
  example: "agora grant bob operator",
  who: "person",
  read: ({ words }) =>
    words[1] === "operator"
      ? ok({ member: words[0]!.replace(/^@/, "") })
      : fail("usage", `The role is operator: grant ${words[0]!.slice(0, 40)} operator.`),
  run,
});

async function run({ member }: GrantWords, around: CommandContext): Promise<Answer<Results["grant"]>> {
  const answer = await askDaemon(around, "grant", { via: around.via, once: newId(), member });
  if (!answer.ok) return answer;
  const { name, key, id } = answer.value;
  const who = harmlessLine(name, 40);
  return {
    ok: true,
    data: answer.value,
    lines: [`@${who} is an operator, under the key ${key}`, `  the grant's id, by which a relay can revoke it: ${id}`],
  };
}
