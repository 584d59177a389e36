// The help text: commands in groups, an example for each.
import type { Command } from "commander";
import { type CommandWords, TERMINAL_COMMANDS, VOCABULARY } from "@agora/commands";

const WORDS: Readonly<Record<string, CommandWords>> = { ...VOCABULARY, ...TERMINAL_COMMANDS };

/** Assigns each command its group and its example. */
export function addHelp(program: Command): void {
  for (const command of program.commands) {
    const row = WORDS[command.name()];
    if (row === undefined) continue;
    command.helpGroup(`${row.group}:`).addHelpText("after", `\nExample:\n  ${row.example}`);
  }
  const help = program.createCommand("help").argument("[COMMAND]").description("explain the commands");
  program.addHelpCommand(help.helpOption(false).helpGroup(`${VOCABULARY.help.group}:`));
  program.addHelpText("after", "\nagora COMMAND --help explains one. Try: agora demo");
}
