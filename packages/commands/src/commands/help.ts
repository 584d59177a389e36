// `help [COMMAND]`: the commands of every surface.
import type { Answer, AnswerData, CommandContext } from "../answer.ts";
import type { CommandName, CommandOf } from "../command.ts";
import { SESSION_WORDS } from "../session-words.ts";
import { isCommandName, usageOf, usageOfWords, VOCABULARY } from "../vocabulary.ts";

export function help(
  command: CommandOf<"help">,
  around: Pick<CommandContext, "prefix">,
): Promise<Answer<AnswerData["help"]>> {
  const all = Object.keys(VOCABULARY).filter(isCommandName);
  const names: readonly CommandName[] =
    command.topic !== undefined && isCommandName(command.topic) ? [command.topic] : all;
  // The terminal's own help has these from its program.
  const added = names === all ? Object.entries(SESSION_WORDS) : [];
  const usage = [
    ...names.map((name) => ({ command: `${around.prefix}${usageOf(name)}`, summary: VOCABULARY[name].summary })),
    ...added.map(([name, words]) => ({
      command: `${around.prefix}${usageOfWords(name, words)}`,
      summary: words.summary,
    })),
  ];
  const lines = usage.flatMap(({ command, summary }) => [command, `    ${summary}`]);
  if (names.length === 1) {
    for (const o of VOCABULARY[names[0]!].options) {
      lines.push(
        `    ${o.short === undefined ? "" : `-${o.short}, `}--${o.name}${o.value === undefined ? "" : ` ${o.value}`}: ${o.summary}`,
      );
    }
  }
  return Promise.resolve({ ok: true, data: { usage }, lines });
}
