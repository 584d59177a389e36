// The commands that every surface understands, by name, and their usage lines.
import type { CommandName } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import type { AnyCommand } from "./define-command.ts";
import { usageOfWords } from "./usage.ts";

/** Every command, by name. */
export const VOCABULARY: Readonly<Record<CommandName, AnyCommand>> = COMMANDS;

/** Whether `name` is a command of every surface. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(VOCABULARY, name);
}

/** `say [#channel] [@a @b] [--thread ID] [--role agent] [--file PATH] TEXT`. */
export function usageOf(name: CommandName): string {
  return usageOfWords(name, VOCABULARY[name]);
}
