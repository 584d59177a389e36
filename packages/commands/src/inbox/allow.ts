// `allow [NAME MAY]`: who may wake the agent, and who may only leave a word for the person.
import type { RequestArgs, Results } from "@agora/ipc";
import { fail, harmlessLine, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { askDaemon } from "../ask-daemon.ts";
import { defineCommand } from "../define-command.ts";

type May = NonNullable<RequestArgs<"allow">["may"]>;

interface AllowWords {
  readonly member?: string | undefined;
  readonly may?: May | undefined;
}

const MAY: readonly May[] = ["wake", "word", "default"];

export const allow = defineCommand({
  summary: "show or set who may wake your agent, and who may only leave a word",
  words: ["[NAME]", "[MAY]"],
  options: [],
  more:
    "MAY is wake (in automatic mode the agent is woken at once), word (the mention waits in your inbox) or default (no rule of " +
    "its own). NAME may be everyone: what holds for all who have no rule of their own.",
  group: "Decide",
  example: "agora allow @bob word",
  who: ({ may }) => (may === undefined ? "anyone" : "person"),
  act: "who may wake an agent",
  read({ words: [name, word] }, { usage }) {
    if (name === undefined) return ok({});
    const may = MAY.find((one) => one === word);
    return may === undefined
      ? fail("usage", `What may they do? wake, word or default: ${usage}`)
      : ok({ member: name.replace(/^@/, ""), may });
  },
  run,
});

async function run({ member, may }: AllowWords, around: CommandContext): Promise<Answer<Results["allow"]>> {
  const wish = member === undefined || may === undefined ? {} : { member, may };
  const answer = await askDaemon(around, "allow", { via: around.via, ...wish });
  return answer.ok ? { ok: true, data: answer.value, lines: showAllowed(answer.value) } : answer;
}

const MEANING = { wake: "may wake your agent (in automatic mode)", word: "may only leave a word for you" } as const;

/** The rules, one a line. */
export function showAllowed({ everyone, members }: Omit<Results["allow"], "changed">): string[] {
  return [
    `everyone: ${MEANING[everyone]}`,
    ...members.map(({ name, may }) => `@${harmlessLine(name, 40)}: ${MEANING[may]}`),
  ];
}
