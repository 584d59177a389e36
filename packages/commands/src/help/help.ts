// `help [COMMAND]`: the commands of every surface.
import { fail, ok } from "@agora/protocol";
import type { Answer, CommandContext } from "../answer.ts";
import { type CommandWords, defineCommand } from "../define-command.ts";
import { SESSION_WORDS } from "../terminal-commands.ts";
import { usageOfWords } from "../usage.ts";

interface HelpWords {
  /** A command's name. */
  readonly topic?: string | undefined;
}

interface HelpResult {
  readonly usage: readonly { readonly command: string; readonly summary: string }[];
}

export const help = defineCommand({
  summary: "explain the commands",
  words: ["[COMMAND]"],
  options: [],
  group: "Setup",
  example: "agora help say",
  looks: true,
  read: ({ words }, { isCommand }) =>
    words[0] !== undefined && !isCommand(words[0])
      ? fail("usage", `"${words[0].slice(0, 40)}" is not a command of agora: see "help".`)
      : ok({ topic: words[0] }),
  run,
});

function run(
  { topic }: HelpWords,
  around: Pick<CommandContext, "prefix">,
  all: Readonly<Record<string, CommandWords>>,
): Promise<Answer<HelpResult>> {
  const one = topic === undefined ? undefined : all[topic];
  // The terminal's own help gets these from its program.
  const shown =
    one === undefined ? [...Object.entries(all), ...Object.entries(SESSION_WORDS)] : [[topic ?? "", one] as const];
  const usage = shown.map(([name, words]) => ({
    command: `${around.prefix}${usageOfWords(name, words)}`,
    summary: words.summary,
  }));
  const lines = usage.flatMap(({ command, summary }) => [command, `    ${summary}`]);
  for (const o of one?.options ?? []) {
    lines.push(
      `    ${o.short === undefined ? "" : `-${o.short}, `}--${o.name}${o.value === undefined ? "" : ` ${o.value}`}: ${o.summary}`,
    );
  }
  return Promise.resolve({ ok: true, data: { usage }, lines });
}
