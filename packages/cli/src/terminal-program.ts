// Commander definitions of the terminal commands, made from their rows.
import { type OptionWord, TERMINAL_COMMANDS, type TerminalCommand, type TerminalWords } from "@agora/commands";
import type { Command } from "commander";

/** Adds a terminal command with its words and options. */
export function addTerminalCommand(program: Command, name: TerminalCommand): Command {
  const { summary, words, options }: TerminalWords = TERMINAL_COMMANDS[name];
  const named = words.map((word) => (word.startsWith("[") ? word : `<${word}>`));
  return withOptions(program.command([name, ...named].join(" ")).description(summary), options);
}

/** Adds options to a command. */
export function withOptions(command: Command, options: readonly OptionWord[]): Command {
  for (const { name, short, value, summary } of options)
    command.option(
      `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` <${value}>`}`,
      summary,
    );
  return command;
}
